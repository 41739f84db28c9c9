// Vector tiles taken apart once: areas as flat coordinates by gid, points with what they say.
import { VectorTile, type VectorTileFeature, type VectorTileLayer } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

const LABELS = 'labels';
const POLYGON = 3;
const POINT = 1;

/**
 * The areas of one tile. Area `i` has rings `areaRings[i]` to `areaRings[i + 1]`; ring `r` has
 * points `ringStarts[r]` to `ringStarts[r + 1]`; point `p` is at `xy[2p]`, `xy[2p + 1]` in units
 * of `extent`. Rings are closed: their last point repeats their first.
 */
export interface AreaTile {
  readonly layer: string;
  readonly extent: number;
  readonly gids: Uint32Array;
  readonly areaRings: Uint32Array;
  readonly ringStarts: Uint32Array;
  readonly xy: Float32Array;
  /** Smallest x, smallest y, largest x, largest y of each area. */
  readonly boxes: Float32Array;
  readonly labels: readonly TilePoint[];
}

/** A point of a tile, from 0 to 1 across it. */
export interface TilePoint {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly layer: string;
  readonly count: number;
  /** Number of the category; -1: none. */
  readonly category: number;
}

export interface AssetTile {
  readonly clusters: readonly TilePoint[];
  readonly assets: readonly TilePoint[];
  readonly byArea: readonly TilePoint[];
}

export function decodeAreas(bytes: ArrayBuffer): AreaTile {
  const { layers } = new VectorTile(new PbfReader(bytes));
  const areas = Object.values(layers).find((layer) => layer.name !== LABELS);
  const labels = layers[LABELS] === undefined ? [] : readPoints(layers[LABELS]);
  return { ...flatten(areas), labels };
}

export function decodeAssets(bytes: ArrayBuffer): AssetTile {
  const { layers } = new VectorTile(new PbfReader(bytes));
  const read = (name: string): TilePoint[] => {
    const layer = layers[name];
    return layer === undefined ? [] : readPoints(layer);
  };
  return { clusters: read('clusters'), assets: read('assets'), byArea: read('by_area') };
}

function readPoints(layer: VectorTileLayer): TilePoint[] {
  return listFeatures(layer, POINT).map((feature) => {
    const point = feature.loadGeometry()[0]?.[0];
    const { name, layer: of, count, category } = feature.properties;
    return {
      id: feature.id ?? 0,
      x: (point?.x ?? 0) / layer.extent,
      y: (point?.y ?? 0) / layer.extent,
      name: typeof name === 'string' ? name : '',
      layer: typeof of === 'string' ? of : '',
      count: typeof count === 'number' ? count : 1,
      category: typeof category === 'number' ? category : -1,
    };
  });
}

function listFeatures(layer: VectorTileLayer, type: number): VectorTileFeature[] {
  return Array.from({ length: layer.length }, (_, index) => layer.feature(index)).filter(
    (feature) => feature.type === type,
  );
}

function flatten(layer: VectorTileLayer | undefined): Omit<AreaTile, 'labels'> {
  const features = layer === undefined ? [] : listFeatures(layer, POLYGON);
  const gids: number[] = [];
  const areaRings: number[] = [0];
  const ringStarts: number[] = [0];
  const xy: number[] = [];
  const boxes: number[] = [];
  for (const feature of features) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of feature.loadGeometry()) {
      for (const { x, y } of ring) {
        xy.push(x, y);
        stretch(box, x, y);
      }
      ringStarts.push(xy.length / 2);
    }
    gids.push(feature.id ?? 0);
    areaRings.push(ringStarts.length - 1);
    boxes.push(...box);
  }
  return {
    layer: layer?.name ?? '',
    extent: layer?.extent ?? 1,
    gids: Uint32Array.from(gids),
    areaRings: Uint32Array.from(areaRings),
    ringStarts: Uint32Array.from(ringStarts),
    xy: Float32Array.from(xy),
    boxes: Float32Array.from(boxes),
  };
}

function stretch(box: number[], x: number, y: number): void {
  const [left = 0, upper = 0, right = 0, lower = 0] = box;
  if (x < left) box[0] = x;
  if (y < upper) box[1] = y;
  if (x > right) box[2] = x;
  if (y > lower) box[3] = y;
}
