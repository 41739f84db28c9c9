// One tile of areas on a canvas: fills by class, then quiet edges. What stays the same when
// colours change is drawn once and laid on.
import { nameClass, type Classes } from '../state/classes.ts';
import type { AreaTile } from './decoding.ts';
import { findCut, isInPart, traceArea, traceEdges, type Part, type Placing } from './geometry.ts';
import type { Palette } from './palette.ts';
import { TILE_PX } from './tile-places.ts';

/** How edges are drawn; none where areas are too small for any. */
export interface EdgeStyle {
  readonly width: number;
  readonly opacity: number;
}

/**
 * Sheets reach one pixel over the next: on screens whose pixels do not divide a tile, neighbours
 * would otherwise leave a hair line between them. The style sheet gives them this size.
 */
export const SHEET_PX = TILE_PX + 1;
const SMALLEST_PX = 3;
const LARGE_PX = 90;
const MIDDLE_OF_ONE = 3;
const MIDDLE_OF_BOTH = 10;

/** Edges get thinner and paler with the areas between them: the colours must speak. */
export function chooseEdges(areaPx: number): EdgeStyle | null {
  if (areaPx < SMALLEST_PX) return null;
  const part = Math.min(1, Math.sqrt((areaPx - SMALLEST_PX) / (LARGE_PX - SMALLEST_PX)));
  return { width: 0.35 + 0.65 * part, opacity: 0.16 + 0.54 * part };
}

/** What of a tile does not change with its colours. */
export interface TileDrawing {
  readonly tile: AreaTile;
  readonly placing: Placing;
  /** The part of the tile that the canvas shows, with a margin. */
  readonly part: Part;
  readonly edges: HTMLCanvasElement | null;
  readonly grounds: Map<string, HTMLCanvasElement>;
  readonly pixels: number;
}

export function prepareDrawing(
  tile: AreaTile,
  placing: Placing,
  part: Part,
  pixels: number,
  palette: Palette,
  style: EdgeStyle | null,
): TileDrawing {
  const { canvas, pen } = makeCanvas(style === null ? 0 : pixels);
  if (pen !== null && style !== null) {
    const cut = findCut(tile);
    pen.beginPath();
    for (let index = 0; index < tile.gids.length; index += 1) {
      if (isInPart(tile, index, part)) traceEdges(pen, tile, index, placing, cut);
    }
    pen.strokeStyle = palette.edge;
    pen.globalAlpha = style.opacity;
    pen.lineWidth = style.width;
    pen.lineJoin = 'round';
    pen.stroke();
  }
  return { tile, placing, part, pixels, edges: style === null ? null : canvas, grounds: new Map() };
}

/**
 * Paint a tile on its canvas. Classes: null for plain land; undefined where nothing is known or
 * nothing valid: hatched.
 */
export function paintAreas(
  pen: CanvasRenderingContext2D,
  drawing: TileDrawing,
  classes: Classes | null | undefined,
  palette: Palette,
): void {
  const { tile, placing } = drawing;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
  const groups = groupByClass(drawing, classes);
  if (groups.size > 1 && classes !== null) {
    pen.drawImage(findGround(drawing, Math.max(...groups.keys()), palette), 0, 0);
  }
  const scale = drawing.pixels / SHEET_PX;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  for (const [number, members] of groups) {
    pen.fillStyle = classes === null ? palette.land : (palette.fills[number] ?? palette.land);
    pen.beginPath();
    for (const index of members) traceArea(pen, tile, index, placing);
    pen.fill();
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  if (drawing.edges !== null) pen.drawImage(drawing.edges, 0, 0);
}

// Where two fills meet, each covers part of the same pixels: what lies beneath would shine through
// as a pale hair line. So the whole is laid out first in one middling colour.
function findGround(drawing: TileDrawing, largest: number, palette: Palette): HTMLCanvasElement {
  const middle = nameClass(largest).startsWith('b') ? MIDDLE_OF_BOTH : MIDDLE_OF_ONE;
  const kept = drawing.grounds.get(nameClass(middle));
  if (kept !== undefined) return kept;
  const { tile, placing, part } = drawing;
  const { canvas, pen } = makeCanvas(drawing.pixels);
  if (pen !== null) {
    pen.fillStyle = palette.fills[middle] ?? palette.land;
    pen.beginPath();
    for (let index = 0; index < tile.gids.length; index += 1) {
      if (isInPart(tile, index, part)) traceArea(pen, tile, index, placing);
    }
    pen.fill();
  }
  drawing.grounds.set(nameClass(middle), canvas);
  return canvas;
}

function groupByClass(
  { tile, part }: TileDrawing,
  classes: Classes | null | undefined,
): Map<number, number[]> {
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

interface Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly pen: CanvasRenderingContext2D | null;
}

function makeCanvas(pixels: number): Sheet {
  const canvas = document.createElement('canvas');
  canvas.width = pixels;
  canvas.height = pixels;
  const pen = canvas.getContext('2d');
  pen?.scale(pixels / SHEET_PX, pixels / SHEET_PX);
  return { canvas, pen };
}
