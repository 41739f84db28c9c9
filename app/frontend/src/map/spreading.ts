// Signs that would lie over one another, moved apart: each can be read and pressed.

export interface Spot {
  readonly x: number;
  readonly y: number;
}

const STEPS = 16;
const MOST_RINGS = 14;

/**
 * Where to put squares of `size` so that none touches one before it: the first ones stay where they
 * are, and the others go to the nearest free spot around theirs.
 */
export function spread(spots: readonly Spot[], size: number): Spot[] {
  const placed: Spot[] = [];
  for (const spot of spots) placed.push(findFree(spot, placed, size));
  return placed;
}

function findFree(spot: Spot, placed: readonly Spot[], size: number): Spot {
  if (isFree(spot, placed, size)) return spot;
  for (let ring = 1; ring <= MOST_RINGS; ring += 1) {
    const radius = (ring * size) / 2;
    for (let step = 0; step < STEPS; step += 1) {
      const angle = (2 * Math.PI * step) / STEPS;
      const tried = {
        x: Math.round(spot.x + radius * Math.cos(angle)),
        y: Math.round(spot.y + radius * Math.sin(angle)),
      };
      if (isFree(tried, placed, size)) return tried;
    }
  }
  return spot;
}

function isFree(spot: Spot, placed: readonly Spot[], size: number): boolean {
  return placed.every(
    (other) => Math.abs(other.x - spot.x) >= size || Math.abs(other.y - spot.y) >= size,
  );
}
