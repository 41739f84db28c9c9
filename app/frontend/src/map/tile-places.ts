// Which tile lies where: squares of 256 pixels, each zoom with four times as many.
import type * as L from 'leaflet';
import type { Placing } from './geometry.ts';

export const TILE_PX = 256;

export interface TileAt {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** The tile that holds this one and is fetched for it, because there are none beyond `maxZoom`. */
export function findSource({ z, x, y }: TileAt, maxZoom: number): TileAt {
  if (z <= maxZoom) return { z, x, y };
  const steps = 2 ** (z - maxZoom);
  return { z: maxZoom, x: Math.floor(x / steps), y: Math.floor(y / steps) };
}

/** Where a source tile of `extent` units lies on the canvas of a tile at or beyond its zoom. */
export function placeOnTile(tile: TileAt, source: TileAt, extent: number): Placing {
  const steps = 2 ** (tile.z - source.z);
  return {
    scale: (TILE_PX * steps) / extent,
    x: (source.x * steps - tile.x) * TILE_PX,
    y: (source.y * steps - tile.y) * TILE_PX,
  };
}

/** Tiles of a zoom that meet a rectangle of pixels of that zoom, the middle ones first. */
export function listTiles(
  z: number,
  rectangle: { readonly min: Point; readonly max: Point },
): TileAt[] {
  const last = 2 ** z - 1;
  const clamp = (value: number): number => Math.min(last, Math.max(0, Math.floor(value / TILE_PX)));
  const [left, right] = [clamp(rectangle.min.x), clamp(rectangle.max.x)];
  const [upper, lower] = [clamp(rectangle.min.y), clamp(rectangle.max.y)];
  const found: TileAt[] = [];
  for (let y = upper; y <= lower; y += 1) {
    for (let x = left; x <= right; x += 1) found.push({ z, x, y });
  }
  const [middleX, middleY] = [(left + right) / 2, (upper + lower) / 2];
  const distance = ({ x, y }: TileAt): number => Math.hypot(x - middleX, y - middleY);
  return found.sort((one, other) => distance(one) - distance(other));
}

/** Tiles that a map shows, the middle ones first; between two zooms, those of the nearer one. */
export function listTilesInView(map: L.Map): TileAt[] {
  const z = Math.round(map.getZoom());
  const { min, max } = map.getPixelBounds();
  if (min === undefined || max === undefined) return [];
  const scale = 2 ** (z - map.getZoom());
  return listTiles(z, { min: min.multiplyBy(scale), max: max.multiplyBy(scale) });
}

export interface Point {
  readonly x: number;
  readonly y: number;
}
