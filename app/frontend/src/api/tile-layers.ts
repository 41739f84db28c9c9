// Which tiles there are, and under which address today.
import { getJson } from './client.ts';
import { isNumbers, isShape, readList, readNumber, readText, type Shape } from './shapes.ts';

export interface ShownBand {
  readonly fromZoom: number;
  readonly toZoom: number;
  readonly layer: string;
}

export interface AreaLayer {
  readonly layer: string;
  readonly areaType: string;
  readonly boundaryYear: number;
  readonly name: string;
  readonly plural: string;
  readonly count: number;
  readonly tiles: string;
  readonly version: string;
  readonly minZoom: number;
  readonly maxZoom: number;
  readonly shown: readonly ShownBand[];
  /** West, south, east, north in degrees. */
  readonly bbox: readonly [number, number, number, number];
}

export interface AssetLayer {
  readonly tiles: string;
  readonly minZoom: number;
  readonly maxZoom: number;
  readonly pointsFromZoom: number;
}

export interface TileLayers {
  readonly areas: readonly AreaLayer[];
  readonly assets: AssetLayer | null;
  readonly valuesVersion: string;
}

const PATH = '/api/v1/tile-layers';

export async function fetchTileLayers(signal?: AbortSignal): Promise<TileLayers> {
  const answer = await getJson(PATH, signal);
  if (!isShape(answer)) throw new TypeError(`${PATH} did not answer with layers`);
  const assets = answer['assets'];
  return {
    areas: readList(answer, 'areas', readAreaLayer),
    assets: isShape(assets) ? readAssetLayer(assets) : null,
    valuesVersion: readText(answer, 'values_version'),
  };
}

/** The address of one tile. */
export function fillTileAddress(template: string, z: number, x: number, y: number): string {
  return template
    .replace('{z}', String(z))
    .replace('{x}', String(x))
    .replace('{y}', String(y));
}

function readAreaLayer(given: Shape): AreaLayer {
  const { bbox } = given;
  if (!isNumbers(bbox) || bbox.length !== 4) throw new TypeError('bbox is no box');
  const [west = 0, south = 0, east = 0, north = 0] = bbox;
  return {
    layer: readText(given, 'layer'),
    areaType: readText(given, 'area_type'),
    boundaryYear: readNumber(given, 'boundary_year'),
    name: readText(given, 'name'),
    plural: readText(given, 'plural'),
    count: readNumber(given, 'count'),
    tiles: readText(given, 'tiles'),
    version: readText(given, 'version'),
    minZoom: readNumber(given, 'min_zoom'),
    maxZoom: readNumber(given, 'max_zoom'),
    shown: readList(given, 'shown', (band) => ({
      fromZoom: readNumber(band, 'from_zoom'),
      toZoom: readNumber(band, 'to_zoom'),
      layer: readText(band, 'layer'),
    })),
    bbox: [west, south, east, north],
  };
}

function readAssetLayer(given: Shape): AssetLayer {
  return {
    tiles: readText(given, 'tiles'),
    minZoom: readNumber(given, 'min_zoom'),
    maxZoom: readNumber(given, 'max_zoom'),
    pointsFromZoom: readNumber(given, 'points_from_zoom'),
  };
}

