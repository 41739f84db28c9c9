// The outlines of one kind of area, checked before anything draws them.
import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { getJson } from './client.ts';

export interface AreaProperties {
  readonly code: string;
  readonly name: string;
}

export type AreaFeature = Feature<Polygon | MultiPolygon, AreaProperties>;
export type Outlines = FeatureCollection<Polygon | MultiPolygon, AreaProperties>;

/** Fetch the outlines offered at `path`; rejects if the answer is not what was agreed. */
export async function fetchOutlines(path: string, signal?: AbortSignal): Promise<Outlines> {
  const answer = await getJson(path, signal);
  if (!isOutlines(answer)) throw new TypeError(`${path} did not answer with outlines of areas`);
  return answer;
}

export function isOutlines(value: unknown): value is Outlines {
  if (!isObject(value) || value['type'] !== 'FeatureCollection') return false;
  const features = value['features'];
  return Array.isArray(features) && features.every(isArea);
}

function isArea(value: unknown): value is AreaFeature {
  if (!isObject(value) || !isObject(value['properties']) || !isObject(value['geometry'])) return false;
  const kind = value['geometry']['type'];
  return (
    (kind === 'Polygon' || kind === 'MultiPolygon') &&
    Array.isArray(value['geometry']['coordinates']) &&
    typeof value['properties']['code'] === 'string' &&
    typeof value['properties']['name'] === 'string'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
