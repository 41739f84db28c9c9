// Areas as canvas tiles: fetched and taken apart once, painted again whenever colours change.
import * as L from 'leaflet';
import { fillTileAddress, type AreaLayer as AreaSource } from '../../api/tile-layers.ts';
import type { Classes } from '../../state/classes.ts';
import { decodeAreas, type AreaTile } from '../decoding.ts';
import { findAreaAt, type Part } from '../geometry.ts';
import { chooseEdges, paintAreas, prepareDrawing, SHEET_PX, type TileDrawing } from '../painting.ts';
import { countPixels, type Palette } from '../palette.ts';
import { PLAIN, type Shading } from '../shading.ts';
import { findSource, listTilesInView, placeOnTile, TILE_PX, type TileAt } from '../tile-places.ts';
import { TileStore } from '../tile-store.ts';

const MARGIN_PX = 4;
/** Areas of towns are about this much smaller than the mean of all. */
const TOWN_PART = 0.6;

interface Sheet {
  readonly at: TileAt;
  readonly address: string;
  readonly canvas: HTMLCanvasElement;
  tile: AreaTile | null | undefined;
  drawing: TileDrawing | null;
}

export interface SourceTile {
  readonly at: TileAt;
  readonly tile: AreaTile;
}

export interface AreaLayerOptions {
  readonly source: AreaSource;
  readonly palette: Palette;
  /** Ends the layer with its map. */
  readonly signal: AbortSignal;
  readonly pane: string;
  /** How many areas a layer has. */
  readonly countAreas: (layer: string) => number;
  readonly onTrouble: (isAway: boolean) => void;
  readonly onStale: () => void;
  /** Called when tiles have come or another kind of area is shown. */
  readonly onTiles: () => void;
}

export class AreaLayer extends L.GridLayer {
  readonly #options: AreaLayerOptions;
  readonly #store: TileStore<AreaTile>;
  readonly #sheets = new Map<HTMLElement, Sheet>();
  #source: AreaSource;
  #palette: Palette;
  readonly #painted = new Map<string, Classes | null | undefined>();
  #shading: Shading = PLAIN;

  constructor(options: AreaLayerOptions) {
    super({ pane: options.pane, updateWhenZooming: false, keepBuffer: 1, tileSize: TILE_PX });
    this.#options = options;
    this.#source = options.source;
    this.#palette = options.palette;
    this.#store = new TileStore({
      decode: decodeAreas,
      signal: options.signal,
      onTrouble: options.onTrouble,
      onStale: options.onStale,
    });
    this.on('tileunload', (event: L.TileEvent) => {
      const sheet = this.#sheets.get(event.tile);
      this.#sheets.delete(event.tile);
      if (sheet !== undefined) this.#store.release(sheet.address);
    });
  }

  get source(): AreaSource {
    return this.#source;
  }

  /** Show another kind of area, or the same at another version. */
  setSource(source: AreaSource): void {
    if (source.tiles === this.#source.tiles) return;
    this.#source = source;
    this.redraw();
  }

  /** Paint anew in other colours; nothing is fetched or taken apart. */
  setShading(shading: Shading): void {
    const before = this.#shading;
    this.#shading = shading;
    const layers = new Set([...this.#sheets.values()].map(({ tile }) => tile?.layer ?? ''));
    layers.delete('');
    // The table and then the map may ask for the same picture.
    const isSame = [...layers].every((layer) => {
      return isAlike(this.#painted.get(layer), shading.classesOf(layer));
    });
    if (!isSame || before === PLAIN) this.repaint();
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    for (const sheet of this.#sheets.values()) sheet.drawing = null;
    this.repaint();
  }

  repaint(): void {
    performance.mark('ha-repaint');
    for (const sheet of this.#sheets.values()) this.#paint(sheet);
    performance.measure('ha-repaint', 'ha-repaint');
  }

  /** The kind of area that tiles show at a zoom. */
  shownAt(zoom: number): string {
    const { shown, layer, maxZoom } = this.#source;
    const z = Math.min(Math.round(zoom), maxZoom);
    return shown.find((band) => z >= band.fromZoom && z <= band.toZoom)?.layer ?? layer;
  }

  /** Source tiles that are here and in view, each once. */
  listSourceTiles(map: L.Map): SourceTile[] {
    const found = new Map<string, SourceTile>();
    for (const at of listTilesInView(map)) {
      const source = findSource(at, this.#source.maxZoom);
      const address = this.#writeAddress(source);
      const tile = this.#store.get(address);
      if (tile) found.set(address, { at: source, tile });
    }
    return [...found.values()];
  }

  /** How wide areas of towns are on the screen at a zoom, about. */
  measureAt(zoom: number): number {
    return this.#measureAreas(zoom, this.#source.layer);
  }

  /** Which area lies at a place, as far as tiles are here. */
  findArea(map: L.Map, place: L.LatLng): { readonly layer: string; readonly gid: number } | null {
    const z = Math.min(Math.round(map.getZoom()), this.#source.maxZoom);
    const { x, y } = map.project(place, z).divideBy(TILE_PX);
    const at = { z, x: Math.floor(x), y: Math.floor(y) };
    const tile = this.#store.get(this.#writeAddress(at));
    if (!tile) return null;
    const index = findAreaAt(tile, (x - at.x) * tile.extent, (y - at.y) * tile.extent);
    const gid = tile.gids[index];
    return gid === undefined ? null : { layer: tile.layer, gid };
  }

  protected override createTile(coords: L.Coords, done: L.DoneCallback): HTMLElement {
    const canvas = document.createElement('canvas');
    const at = { z: coords.z, x: coords.x, y: coords.y };
    const address = this.#writeAddress(findSource(at, this.#source.maxZoom));
    const sheet: Sheet = { at, address, canvas, tile: undefined, drawing: null };
    this.#sheets.set(canvas, sheet);
    this.#load(sheet, done).catch((error: unknown) => {
      // Given up: nobody wants it any more, or the server will not have it.
      done(error instanceof Error ? error : new Error(String(error)), canvas);
    });
    return canvas;
  }

  async #load(sheet: Sheet, done: L.DoneCallback): Promise<void> {
    sheet.tile = await this.#store.load(sheet.address);
    this.#paint(sheet);
    done(undefined, sheet.canvas);
    this.#options.onTiles();
  }

  #writeAddress({ z, x, y }: TileAt): string {
    return fillTileAddress(this.#source.tiles, z, x, y);
  }

  #paint(sheet: Sheet): void {
    const { at, canvas, tile } = sheet;
    if (!tile) return;
    const size = Math.round(SHEET_PX * countPixels());
    if (canvas.width !== size) {
      canvas.width = size;
      canvas.height = size;
    }
    const pen = canvas.getContext('2d');
    if (pen === null) return;
    if (sheet.drawing?.pixels !== size) sheet.drawing = this.#prepare(at, tile, size);
    const classes = this.#shading.classesOf(tile.layer);
    this.#painted.set(tile.layer, classes);
    paintAreas(pen, sheet.drawing, classes, this.#palette);
  }

  #prepare(at: TileAt, tile: AreaTile, size: number): TileDrawing {
    const placing = placeOnTile(at, findSource(at, this.#source.maxZoom), tile.extent);
    const part: Part = [
      (-MARGIN_PX - placing.x) / placing.scale,
      (-MARGIN_PX - placing.y) / placing.scale,
      (TILE_PX + MARGIN_PX - placing.x) / placing.scale,
      (TILE_PX + MARGIN_PX - placing.y) / placing.scale,
    ];
    const edges = chooseEdges(this.#measureAreas(at.z, tile.layer));
    return prepareDrawing(tile, placing, part, size, this.#palette, edges);
  }

  /** How wide areas of towns are at a zoom: one figure for all tiles, or seams would show. */
  #measureAreas(z: number, layer: string): number {
    const { bbox, count } = this.#source;
    const [west, south, east, north] = bbox;
    const upper = L.CRS.EPSG3857.latLngToPoint(L.latLng(north, west), z);
    const lower = L.CRS.EPSG3857.latLngToPoint(L.latLng(south, east), z);
    const extent = Math.abs((lower.x - upper.x) * (lower.y - upper.y));
    const many = layer === this.#source.layer ? count : this.#options.countAreas(layer);
    return TOWN_PART * Math.sqrt(extent / Math.max(1, many));
  }
}

function isAlike(one: Classes | null | undefined, other: Classes | null | undefined): boolean {
  if (!one || !other) return one === other;
  return one.length === other.length && one.every((each, gid) => each === other[gid]);
}
