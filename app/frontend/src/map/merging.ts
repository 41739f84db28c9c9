// Signs that would lie on one another on the screen become one that says how many they are.

export interface Sign {
  /** Middle in pixels of the zoom. */
  readonly x: number;
  readonly y: number;
  readonly count: number;
  /** Category of a single place; -1 otherwise. */
  readonly category: number;
  /** Map numbers of the places, as far as they are known. */
  readonly ids: readonly number[];
  /** How far apart its places are, in the same pixels. */
  readonly spread: number;
}

/** The radius, in pixels, of the sign of so many places. */
export type Measure = (count: number) => number;

export const SIGN_PX = 26;

/** How large the circle of a cluster is: 13 px for two, up to 24 for thousands. */
export function findRadius(count: number): number {
  return count <= 1 ? SIGN_PX / 2 : Math.min(24, 11.5 + 3.1 * Math.log10(count));
}

/** How large a dot is, where places are only to be hinted at: 4 px for one, up to 10 for thousands. */
export function findDotRadius(count: number): number {
  return Math.min(10, 4 + 1.9 * Math.log10(Math.max(1, count)));
}

/**
 * Merge signs that overlap, largest first. Signs come out in that order; the middle of merged ones
 * is the middle of their places. `measure` says how large the sign of so many is.
 */
export function mergeSigns(signs: readonly Sign[], measure: Measure = findRadius): Sign[] {
  let merged = mergeOnce(signs, measure);
  // A merged sign has another middle and is larger, and so may lie on others in turn.
  for (let round = 1, before = signs.length; round < ROUNDS && merged.length < before; round += 1) {
    before = merged.length;
    merged = mergeOnce(merged, measure);
  }
  return merged;
}

function mergeOnce(signs: readonly Sign[], measure: Measure): Sign[] {
  const cells = new Map<string, number[]>();
  const merged: Sign[] = [];
  const ordered = [...signs].sort((a, b) => b.count - a.count || (a.ids[0] ?? 0) - (b.ids[0] ?? 0));
  for (const sign of ordered) {
    const near = findNear(sign, merged, cells, measure);
    const other = merged[near];
    if (other !== undefined) {
      merged[near] = join(other, sign);
      continue;
    }
    const key = nameCell(sign.x, sign.y);
    cells.set(key, [...(cells.get(key) ?? []), merged.length]);
    merged.push(sign);
  }
  return merged;
}

const CELL_PX = 48;
/** How near signs may come before they are one: their radii, less a ring's width. */
const OVERLAP = 0.96;
const ROUNDS = 4;

function findNear(
  sign: Sign,
  merged: readonly Sign[],
  cells: ReadonlyMap<string, number[]>,
  measure: Measure,
): number {
  for (const dx of [0, -1, 1]) {
    for (const dy of [0, -1, 1]) {
      const cell = cells.get(nameCell(sign.x + dx * CELL_PX, sign.y + dy * CELL_PX)) ?? [];
      const found = cell.find((index) => {
        const other = merged[index];
        if (other === undefined) return false;
        const room = (measure(sign.count) + measure(other.count)) * OVERLAP;
        return Math.hypot(other.x - sign.x, other.y - sign.y) < room;
      });
      if (found !== undefined) return found;
    }
  }
  return -1;
}

function join(one: Sign, other: Sign): Sign {
  const count = one.count + other.count;
  return {
    x: (one.x * one.count + other.x * other.count) / count,
    y: (one.y * one.count + other.y * other.count) / count,
    count,
    category: -1,
    ids: [...one.ids, ...other.ids],
    spread: Math.max(one.spread, other.spread, Math.hypot(one.x - other.x, one.y - other.y)),
  };
}

function nameCell(x: number, y: number): string {
  return `${String(Math.floor(x / CELL_PX))} ${String(Math.floor(y / CELL_PX))}`;
}
