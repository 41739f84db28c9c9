// What an answer about gaps says of each area, for the map.
import { getJson } from './client.ts';
import { isShape, readList, readText, type Shape } from './shapes.ts';

export interface GapLayer {
  /** Such as lsoa-2021. */
  readonly layer: string;
  /** Numbers of classes in gid order from 1. */
  readonly classes: readonly number[];
  readonly people: readonly (number | null)[];
  /** Of them, who is not reached. */
  readonly beyond: readonly (number | null)[];
  /** Metres to the nearest, or supply for each 1,000 people. */
  readonly measure: readonly (number | null)[];
}

export async function fetchGapFigures(path: string, signal?: AbortSignal): Promise<GapLayer[]> {
  const answer = await getJson(path, signal);
  if (!isShape(answer)) throw new TypeError(`${path} did not answer with figures`);
  return readList(answer, 'layers', readLayer);
}

function readLayer(given: Shape): GapLayer {
  return {
    layer: readText(given, 'layer'),
    classes: readFigures(given, 'classes').map((each) => each ?? 0),
    people: readFigures(given, 'people'),
    beyond: readFigures(given, 'beyond'),
    measure: readFigures(given, 'measure'),
  };
}

function readFigures(given: Shape, name: string): (number | null)[] {
  const list = given[name];
  if (!Array.isArray(list)) throw new TypeError(`${name} is no list`);
  return list.map((each: unknown) => (typeof each === 'number' ? each : null));
}
