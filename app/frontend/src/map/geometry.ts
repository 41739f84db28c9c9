// Areas of a decoded tile as paths on a canvas, and which one lies under a point.
import type { AreaTile } from './decoding.ts';

/** From units of a tile to pixels of a canvas. */
export interface Placing {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Part of a tile in its own units: smallest x, smallest y, largest x, largest y. */
export type Part = readonly [number, number, number, number];

/** What a path is written to: a canvas context or a Path2D. */
export type Pen = Pick<CanvasPath, 'moveTo' | 'lineTo' | 'closePath'>;

export function isInPart({ boxes }: AreaTile, index: number, part: Part): boolean {
  const at = index * 4;
  return (
    (boxes[at] ?? 0) <= part[2] &&
    (boxes[at + 2] ?? 0) >= part[0] &&
    (boxes[at + 1] ?? 0) <= part[3] &&
    (boxes[at + 3] ?? 0) >= part[1]
  );
}

/** Write the rings of an area, to be filled. */
export function traceArea(pen: Pen, tile: AreaTile, index: number, { scale, x, y }: Placing): void {
  const { areaRings, ringStarts, xy } = tile;
  const lastRing = areaRings[index + 1] ?? 0;
  for (let ring = areaRings[index] ?? 0; ring < lastRing; ring += 1) {
    const start = ringStarts[ring] ?? 0;
    const end = ringStarts[ring + 1] ?? start;
    for (let point = start; point < end - 1; point += 1) {
      const px = (xy[2 * point] ?? 0) * scale + x;
      const py = (xy[2 * point + 1] ?? 0) * scale + y;
      if (point === start) pen.moveTo(px, py);
      else pen.lineTo(px, py);
    }
    pen.closePath();
  }
}

/** Write the rings of an area as lines, without the sides where the tile was cut out. */
export function traceEdges(
  pen: Pen,
  tile: AreaTile,
  index: number,
  { scale, x, y }: Placing,
  cut: Part,
): void {
  const { areaRings, ringStarts, xy } = tile;
  const lastRing = areaRings[index + 1] ?? 0;
  for (let ring = areaRings[index] ?? 0; ring < lastRing; ring += 1) {
    const start = ringStarts[ring] ?? 0;
    const end = ringStarts[ring + 1] ?? start;
    let isDown = false;
    for (let point = start; point < end - 1; point += 1) {
      const at = 2 * point;
      const ax = xy[at] ?? 0;
      const ay = xy[at + 1] ?? 0;
      const bx = xy[at + 2] ?? 0;
      const by = xy[at + 3] ?? 0;
      if (isCut(ax, bx, cut[0], cut[2]) || isCut(ay, by, cut[1], cut[3])) {
        isDown = false;
        continue;
      }
      if (!isDown) pen.moveTo(ax * scale + x, ay * scale + y);
      pen.lineTo(bx * scale + x, by * scale + y);
      isDown = true;
    }
  }
}

/** Where a tile was cut out with its margin: the outermost coordinates beyond it. */
export function findCut({ boxes, extent }: AreaTile): Part {
  let [left, upper, right, lower] = [0, 0, extent, extent];
  for (let at = 0; at < boxes.length; at += 4) {
    left = Math.min(left, boxes[at] ?? 0);
    upper = Math.min(upper, boxes[at + 1] ?? 0);
    right = Math.max(right, boxes[at + 2] ?? 0);
    lower = Math.max(lower, boxes[at + 3] ?? 0);
  }
  return [left, upper, right, lower];
}

/** Return the place in the tile of the area at a point in its units, or -1. */
export function findAreaAt(tile: AreaTile, x: number, y: number): number {
  const part: Part = [x, y, x, y];
  for (let index = 0; index < tile.gids.length; index += 1) {
    if (isInPart(tile, index, part) && holds(tile, index, x, y)) return index;
  }
  return -1;
}

function isCut(a: number, b: number, low: number, high: number): boolean {
  return (a <= low && b <= low) || (a >= high && b >= high);
}

function holds({ areaRings, ringStarts, xy }: AreaTile, index: number, x: number, y: number): boolean {
  let isInside = false;
  const lastRing = areaRings[index + 1] ?? 0;
  for (let ring = areaRings[index] ?? 0; ring < lastRing; ring += 1) {
    const start = ringStarts[ring] ?? 0;
    const end = ringStarts[ring + 1] ?? start;
    for (let point = start; point < end - 1; point += 1) {
      const ay = xy[2 * point + 1] ?? 0;
      const by = xy[2 * point + 3] ?? 0;
      if (ay > y === by > y) continue;
      const ax = xy[2 * point] ?? 0;
      const bx = xy[2 * point + 2] ?? 0;
      if (x < ax + ((y - ay) / (by - ay)) * (bx - ax)) isInside = !isInside;
    }
  }
  return isInside;
}
