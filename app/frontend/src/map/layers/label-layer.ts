// Names of areas, larger ones first, each only where there is room; and, beside a name, how many
// places there are of which only the area is told.
import * as L from 'leaflet';
import type { MapWords } from '../../state/map-words.ts';
import type { TilePoint } from '../decoding.ts';
import type { OverlayView } from '../overlay-canvas.ts';
import type { Palette } from '../palette.ts';
import { makeBox, type Box, type Rooms } from '../rooms.ts';
import { TILE_PX } from '../tile-places.ts';
import type { SourceTile } from './area-layer.ts';

const HALO_PX = 3.6;
const LINE_PX = 16;
const BESIDE_PX = 13;
const GAP_PX = 8;
const ROOM_PX = 13;
const WIDEST_PX = 120;
/** An area is named as a larger one where it holds this many of those shown. */
const MUCH_LARGER = 10;
const COUNT_PX = 20;
const COUNT_BOX_PX = 36;
const COUNT_SPOTS = [0, 24, -24, 40, -40].flatMap((dy) =>
  [0, 32, -32].map((dx) => [dx, dy] as const),
);

/** A place of the world in pixels of the zoom, and what is told there. */
export interface AreaCount {
  readonly world: L.Point;
  readonly name: string;
  readonly count: number;
}

interface Label {
  readonly name: string;
  readonly world: L.Point;
  readonly isLarger: boolean;
  readonly count: number;
}

export interface PlacedCount {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly says: string;
}

export class LabelLayer {
  readonly #words: MapWords;
  readonly #number = new Intl.NumberFormat(document.documentElement.lang || undefined);
  readonly #widths = new Map<string, number>();
  readonly #countAreas: (layer: string) => number;
  #palette: Palette;
  #placed: PlacedCount[] = [];

  constructor(palette: Palette, words: MapWords, countAreas: (layer: string) => number) {
    this.#palette = palette;
    this.#words = words;
    this.#countAreas = countAreas;
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#widths.clear();
  }

  /** Return what is told at a point of the canvas beside a name, or null. */
  findAt({ x, y }: L.Point): PlacedCount | null {
    return this.#placed.find((each) => Math.hypot(each.x - x, each.y - y) <= each.radius) ?? null;
  }

  paint(
    view: OverlayView,
    tiles: readonly SourceTile[],
    counts: readonly AreaCount[],
    rooms: Rooms,
  ): void {
    this.#placed = [];
    const found = collectLabels(tiles, view.zoom, this.#countAreas);
    const labels = joinCounts(found, mergeCounts(counts));
    view.pen.textBaseline = 'middle';
    view.pen.lineJoin = 'round';
    for (const label of labels) this.#paintLabel(view, label, rooms);
  }

  #paintLabel(view: OverlayView, label: Label, rooms: Rooms): void {
    const { pen } = view;
    const at = view.place(label.world);
    if (at.x < 0 || at.y < 0 || at.x > view.size.x || at.y > view.size.y) return;
    pen.font = `${label.isLarger ? '700 15px' : '600 13px'} ${this.#palette.font}`;
    const lines = this.#breakLines(pen, label.name);
    const width = Math.max(0, ...lines.map((line) => this.#measure(pen, line)));
    const height = lines.length * LINE_PX;
    const full = width + (label.count > 0 ? COUNT_PX + GAP_PX : 0);
    const spot = [0, -BESIDE_PX - height / 2, BESIDE_PX + height / 2].find((shift) => {
      const box = makeBox(at.x, at.y + shift, full + ROOM_PX, height + ROOM_PX);
      return isWhole(box, view) && rooms.take(box);
    });
    if (spot === undefined) {
      this.#paintCountAlone(view, label, at, rooms);
      return;
    }
    const y = at.y + spot;
    const x = at.x - (full - width) / 2;
    this.#write(pen, lines, x, y);
    if (label.count > 0) this.#paintCount(pen, label, x + width / 2 + GAP_PX + COUNT_PX / 2, y);
  }

  /** A count must be seen even where there is no room for its name. */
  #paintCountAlone({ pen }: OverlayView, label: Label, at: L.Point, rooms: Rooms): void {
    if (label.count === 0) return;
    const [x, y] = COUNT_SPOTS.find(([dx, dy]) =>
      rooms.take(makeBox(at.x + dx, at.y + dy, COUNT_BOX_PX, COUNT_PX)),
    ) ?? [0, 0];
    this.#paintCount(pen, label, at.x + x, at.y + y);
  }

  #write(pen: CanvasRenderingContext2D, lines: readonly string[], x: number, y: number): void {
    pen.textAlign = 'center';
    pen.strokeStyle = this.#palette.halo;
    pen.lineWidth = HALO_PX;
    pen.fillStyle = this.#palette.label;
    lines.forEach((line, index) => {
      pen.strokeText(line, x, y + (index - (lines.length - 1) / 2) * LINE_PX);
    });
    lines.forEach((line, index) => {
      pen.fillText(line, x, y + (index - (lines.length - 1) / 2) * LINE_PX);
    });
  }

  /** "+3" in a quiet box: never a pin, because nobody is told where. */
  #paintCount(pen: CanvasRenderingContext2D, { name, count }: Label, x: number, y: number): void {
    const text = `+${this.#number.format(count)}`;
    pen.font = `700 12px ${this.#palette.font}`;
    const width = Math.max(COUNT_PX, pen.measureText(text).width + 8);
    pen.beginPath();
    pen.roundRect(x - width / 2, y - 9, width, 18, 3);
    pen.fillStyle = this.#palette.paper;
    pen.fill();
    pen.strokeStyle = this.#palette.ink;
    pen.lineWidth = 1;
    pen.setLineDash([3, 2]);
    pen.stroke();
    pen.setLineDash([]);
    pen.fillStyle = this.#palette.ink;
    pen.textAlign = 'center';
    pen.fillText(text, x, y + 0.5);
    const values = { count: this.#number.format(count), name };
    const says = this.#words(name === '' ? 'areaOnlyMany' : 'areaOnly', values);
    this.#placed.push({ x, y, radius: Math.max(12, width / 2), says });
  }

  #measure(pen: CanvasRenderingContext2D, text: string): number {
    const key = `${pen.font} ${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    const { width } = pen.measureText(text);
    this.#widths.set(key, width);
    return width;
  }

  /** A long name stands on two lines, parted where they are most alike. */
  #breakLines(pen: CanvasRenderingContext2D, name: string): string[] {
    if (name === '') return [];
    const words = name.split(' ');
    if (words.length < 2 || this.#measure(pen, name) <= WIDEST_PX) return [name];
    const ways = words.slice(1).map((_, index) => [
      words.slice(0, index + 1).join(' '),
      words.slice(index + 1).join(' '),
    ]);
    const rate = (lines: readonly string[]): number =>
      Math.max(...lines.map((line) => this.#measure(pen, line)));
    return ways.reduce((best, way) => (rate(way) < rate(best) ? way : best));
  }
}

/** Whether a name is not cut by the frame; beyond it, it is drawn for when the map is moved. */
function isWhole({ left, right, upper, lower }: Box, { frame }: OverlayView): boolean {
  const [from, to] = [frame.getTopLeft(), frame.getBottomRight()];
  const isInside = left >= from.x && right <= to.x && upper >= from.y && lower <= to.y;
  const isOutside = right < from.x || left > to.x || lower < from.y || upper > to.y;
  return isInside || isOutside;
}

/** Each name once, those of larger areas first, then in an order that stays the same. */
function collectLabels(
  tiles: readonly SourceTile[],
  zoom: number,
  countAreas: (layer: string) => number,
): Label[] {
  const found = new Map<string, { readonly point: TilePoint; readonly world: L.Point }>();
  for (const { at, tile } of tiles) {
    const side = TILE_PX * 2 ** (zoom - at.z);
    for (const point of tile.labels) {
      const world = L.point((at.x + point.x) * side, (at.y + point.y) * side);
      found.set(`${point.layer}/${String(point.id)}`, { point, world });
    }
  }
  const shown = tiles[0] === undefined ? 0 : countAreas(tiles[0].tile.layer);
  return [...found.values()]
    .map(({ point, world }) => ({ point, world, many: countAreas(point.layer) }))
    .sort((a, b) => a.many - b.many || a.point.id - b.point.id)
    .map(({ point, world, many }) => ({
      name: point.name,
      world,
      isLarger: many * MUCH_LARGER <= shown,
      count: 0,
    }));
}

/** Counts that stand where a name stands go beside it; they come before names without one. */
function joinCounts(labels: readonly Label[], counts: readonly AreaCount[]): Label[] {
  const named = new Map(counts.filter((each) => each.name !== '').map((each) => [each.name, each]));
  const joined = labels.map((label) => {
    const own = named.get(label.name);
    if (own !== undefined) named.delete(label.name);
    return { ...label, count: own?.count ?? 0 };
  });
  const left = [...named.values(), ...counts.filter((each) => each.name === '')];
  const others = left.map((each) => ({ ...each, isLarger: false }));
  return [...joined.filter((each) => each.isLarger), ...others, ...joined.filter((each) => !each.isLarger)];
}

const MERGED_PX = 70;

/** Counts too near one another for their names are added up, and then belong to no one name. */
function mergeCounts(counts: readonly AreaCount[]): AreaCount[] {
  const merged: AreaCount[] = [];
  for (const each of [...counts].sort((a, b) => b.count - a.count)) {
    const near = merged.findIndex((other) => other.world.distanceTo(each.world) < MERGED_PX);
    const other = merged[near];
    if (other === undefined) merged.push(each);
    else merged[near] = { world: other.world, name: '', count: other.count + each.count };
  }
  return merged;
}
