// One tile of areas on a canvas: fills by class, then quiet edges.
import type { Classes } from '../state/classes.ts';
import type { AreaTile } from './decoding.ts';
import { findCut, isInPart, traceArea, traceEdges, type Part, type Placing } from './geometry.ts';
import type { Palette } from './palette.ts';

/** How edges are drawn; none where areas are too small for any. */
export interface EdgeStyle {
  readonly width: number;
  readonly opacity: number;
}

const SMALLEST_PX = 3;
const LARGE_PX = 90;

/** Edges get thinner and paler with the areas between them: the colours must speak. */
export function chooseEdges(areaPx: number): EdgeStyle | null {
  if (areaPx < SMALLEST_PX) return null;
  const part = Math.min(1, Math.sqrt((areaPx - SMALLEST_PX) / (LARGE_PX - SMALLEST_PX)));
  return { width: 0.35 + 0.65 * part, opacity: 0.16 + 0.54 * part };
}

export interface TilePainting {
  readonly tile: AreaTile;
  readonly placing: Placing;
  /** The part of the tile that the canvas shows, with a margin. */
  readonly part: Part;
  /** Null: plain land. Undefined: not known, or nothing valid: hatched. */
  readonly classes: Classes | null | undefined;
  readonly palette: Palette;
  readonly edges: EdgeStyle | null;
}

export function paintAreas(pen: CanvasRenderingContext2D, painting: TilePainting): void {
  const { tile, placing, part, palette, edges } = painting;
  const groups = groupByClass(painting);
  paintGround(pen, painting, groups);
  for (const [number, members] of groups) {
    pen.fillStyle = painting.classes === null ? palette.land : (palette.fills[number] ?? palette.land);
    pen.beginPath();
    for (const index of members) traceArea(pen, tile, index, placing);
    pen.fill();
  }
  if (edges === null) return;
  const path = findEdges(tile, placing, part);
  pen.strokeStyle = palette.edge;
  pen.globalAlpha = edges.opacity;
  pen.lineWidth = edges.width;
  pen.lineJoin = 'round';
  pen.stroke(path);
  pen.globalAlpha = 1;
}

// Where two fills meet, each covers part of the same pixels: what lies beneath would shine through
// as a pale hair line. So the whole is laid out first in one middling colour.
function paintGround(
  pen: CanvasRenderingContext2D,
  { tile, placing, palette, classes }: TilePainting,
  groups: ReadonlyMap<number, readonly number[]>,
): void {
  if (groups.size < 2 || classes === null) return;
  const middle = [...groups.keys()].sort((a, b) => a - b)[Math.floor(groups.size / 2)] ?? 0;
  pen.fillStyle = palette.fills[middle] ?? palette.land;
  pen.beginPath();
  for (const members of groups.values()) {
    for (const index of members) traceArea(pen, tile, index, placing);
  }
  pen.fill();
}

function groupByClass({ tile, part, classes }: TilePainting): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let index = 0; index < tile.gids.length; index += 1) {
    if (!isInPart(tile, index, part)) continue;
    const number = classes?.[tile.gids[index] ?? 0] ?? 0;
    const members = groups.get(number);
    if (members === undefined) groups.set(number, [index]);
    else members.push(index);
  }
  return groups;
}

interface KeptEdges {
  readonly path: Path2D;
  readonly placing: Placing;
}

const kept = new WeakMap<AreaTile, KeptEdges>();

/** The edges of a tile as a path; kept, because they stay the same when colours change. */
function findEdges(tile: AreaTile, placing: Placing, part: Part): Path2D {
  const before = kept.get(tile);
  if (before !== undefined && isSame(before.placing, placing)) return before.path;
  const path = new Path2D();
  const cut = findCut(tile);
  for (let index = 0; index < tile.gids.length; index += 1) {
    if (isInPart(tile, index, part)) traceEdges(path, tile, index, placing, cut);
  }
  kept.set(tile, { path, placing });
  return path;
}

function isSame(one: Placing, other: Placing): boolean {
  return one.scale === other.scale && one.x === other.x && one.y === other.y;
}
