// Places: clusters with their count from afar, shapes by category from near, one canvas for all.
import * as L from 'leaflet';
import { fillTileAddress, type AssetLayer as AssetSource } from '../../api/tile-layers.ts';
import type { Category } from '../../api/assets.ts';
import { decodeAssets, type AssetTile } from '../decoding.ts';
import { findDotRadius, findRadius, mergeSigns, SIGN_PX, type Sign } from '../merging.ts';
import type { OverlayView } from '../overlay-canvas.ts';
import type { Palette } from '../palette.ts';
import { makeBox, type Rooms } from '../rooms.ts';
import { drawCluster, drawDot, drawPlace } from '../signs.ts';
import { findSource, listTilesInView, TILE_PX, type TileAt } from '../tile-places.ts';
import { TileStore } from '../tile-store.ts';
import type { AreaCount } from './label-layer.ts';

const TARGET_PX = 24;
const DOT_TARGET_PX = 18;
/** So many sizes above the smallest, dots become signs: the whole place is two above it. */
const DOTTED_ZOOMS = 4;
const PLAIN_LOOK = { shape: 'circle', colour: 'cat-group' };

interface Held {
  readonly at: TileAt;
  readonly tile: AssetTile;
}

export interface PlacedSign {
  readonly sign: Sign;
  readonly x: number;
  readonly y: number;
}

export interface AssetLayerOptions {
  /** Whether places are only dots while much of the whole place is in view. */
  readonly isDotted: boolean;
  readonly palette: Palette;
  /** Ends the layer with its map. */
  readonly signal: AbortSignal;
  readonly onTrouble: (isAway: boolean) => void;
  readonly onTiles: () => void;
}

export class AssetLayer {
  readonly #options: AssetLayerOptions;
  readonly #store: TileStore<AssetTile>;
  readonly #number = new Intl.NumberFormat(document.documentElement.lang || undefined);
  #palette: Palette;
  #source: AssetSource | null = null;
  #query = '';
  #categories = new Map<number, Category>();
  #wanted = new Set<string>();
  #held: Held[] = [];
  #placed: PlacedSign[] = [];
  #pointed: string | null = null;
  #round = 0;
  #areDots = false;

  constructor(options: AssetLayerOptions) {
    this.#options = options;
    this.#palette = options.palette;
    this.#store = new TileStore({
      decode: decodeAssets,
      signal: options.signal,
      onTrouble: options.onTrouble,
      onStale: () => undefined,
    });
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
  }

  /** Show the places that a query finds; without a source, none. */
  setSource(source: AssetSource | null, query: string, categories: readonly Category[]): boolean {
    const isSame = source?.tiles === this.#source?.tiles && query === this.#query;
    this.#categories = new Map(categories.map((each) => [each.number, each]));
    if (isSame) return false;
    this.#source = source;
    this.#query = query;
    this.#held = [];
    this.#placed = [];
    return true;
  }

  /** Ask again for the tiles that meet a box, or for all; the browser revalidates what it has. */
  forget(meets: (tile: TileAt) => boolean): void {
    this.#store.forget((address) => {
      const [z = 0, x = 0, y = 0] = (/\/(\d+)\/(\d+)\/(\d+)\.mvt/.exec(address) ?? [])
        .slice(1)
        .map(Number);
      return meets({ z, x, y });
    });
  }

  /** Fetch what the view needs; what was there stays until the new tiles are complete. */
  async update(map: L.Map): Promise<void> {
    const source = this.#source;
    const before = this.#wanted;
    this.#wanted = new Set();
    this.#round += 1;
    const round = this.#round;
    const places = new Map<string, TileAt>();
    if (source !== null) {
      for (const at of listTilesInView(map)) {
        const place = findSource(at, source.maxZoom);
        places.set(this.#writeAddress(source, place), place);
      }
    }
    const loading = [...places].map(async ([address, at]) => {
      this.#wanted.add(address);
      const tile = await this.#store.load(address);
      return tile === null ? [] : [{ at, tile }];
    });
    for (const address of before) {
      // One that is wanted again may just have been forgotten, and be on its way anew.
      if (!places.has(address)) this.#store.release(address);
    }
    const found = await Promise.allSettled(loading);
    if (round !== this.#round) return;
    this.#held = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    this.#options.onTiles();
  }

  /** Work out which signs are drawn where; told before names are placed, which avoid them. */
  place(view: OverlayView, rooms: Rooms): void {
    const signs = this.#held.flatMap(({ at, tile }) => {
      const side = TILE_PX * 2 ** (view.zoom - at.z);
      return [...tile.clusters, ...tile.assets].map((point) => ({
        x: (at.x + point.x) * side,
        y: (at.y + point.y) * side,
        count: point.count,
        category: point.count === 1 ? point.category : -1,
        ids: point.id > 0 ? [point.id] : [],
        spread: 0,
      }));
    });
    this.#areDots = this.#options.isDotted && view.zoom < view.map.getMinZoom() + DOTTED_ZOOMS;
    this.#placed = mergeSigns(signs, this.#areDots ? findDotRadius : findRadius).map((sign) => {
      const { x, y } = view.place(L.point(sign.x, sign.y));
      return { sign, x, y };
    });
    for (const { sign, x, y } of this.#placed) {
      const size = this.#areDots ? 2 * findDotRadius(sign.count) : measureSign(sign);
      rooms.occupy(makeBox(x, y, size, size));
    }
  }

  paint({ pen }: OverlayView): void {
    // Small ones last, so that none is hidden by a larger one.
    for (const placed of this.#placed) {
      const { sign, x, y } = placed;
      const isOn = this.#pointed === nameSign(sign);
      if (this.#areDots) drawDot(pen, x, y, sign, this.#palette, isOn);
      else if (sign.count > 1) {
        const says = this.#number.format(sign.count);
        drawCluster(pen, x, y, sign, says, this.#palette, isOn);
      } else {
        const look = this.#categories.get(sign.category) ?? PLAIN_LOOK;
        const colour = this.#palette.read(look.colour);
        drawPlace(pen, x, y, { shape: look.shape, colour }, this.#palette, isOn);
      }
    }
  }

  /** Which sign lies at a point of the canvas; the one on top first. */
  findAt({ x, y }: L.Point): PlacedSign | null {
    const hits = this.#placed.filter(({ sign, x: atX, y: atY }) => {
      const reach = this.#areDots ? DOT_TARGET_PX / 2 : Math.max(TARGET_PX / 2, findRadius(sign.count));
      return Math.hypot(atX - x, atY - y) <= reach;
    });
    return hits.at(-1) ?? null;
  }

  /** Show which sign is pointed at; returns whether that has changed. */
  point(placed: PlacedSign | null): boolean {
    const name = placed === null ? null : nameSign(placed.sign);
    if (name === this.#pointed) return false;
    this.#pointed = name;
    return true;
  }

  /** Places of which only the area is told, at the area's own point. */
  listAreaCounts(zoom: number): AreaCount[] {
    return this.#held.flatMap(({ at, tile }) => {
      const side = TILE_PX * 2 ** (zoom - at.z);
      return tile.byArea.map((point) => ({
        world: L.point((at.x + point.x) * side, (at.y + point.y) * side),
        name: point.name,
        count: point.count,
      }));
    });
  }

  /** How many places there are in the view. */
  countIn({ frame }: { readonly frame: L.Bounds }): number {
    return this.#placed
      .filter(({ x, y }) => frame.contains(L.point(x, y)))
      .reduce((sum, { sign }) => sum + sign.count, 0);
  }

  #writeAddress(source: AssetSource, { z, x, y }: TileAt): string {
    const address = fillTileAddress(source.tiles, z, x, y);
    return this.#query === '' ? address : `${address}?${this.#query}`;
  }
}

function measureSign({ count }: Sign): number {
  return count > 1 ? 2 * findRadius(count) : SIGN_PX;
}

function nameSign({ x, y, count }: Sign): string {
  return `${String(Math.round(x))} ${String(Math.round(y))} ${String(count)}`;
}
