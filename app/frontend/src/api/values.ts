// The values of an indicator for a kind of area, in the order of gids.
import { getJson } from './client.ts';
import { isNumbers, isShape, isTexts, readNumber, readShape, readText, type Shape } from './shapes.ts';


export interface SeriesKey {
  readonly indicator: string;
  readonly areaType: string;
  readonly boundaryYear: number;
  /** Empty: the newest. */
  readonly period: string;
  readonly sex: string;
  readonly age: string;
}

/** A way to divide values into classes, from the lowest: class i holds edges[i - 1] <= value < edges[i]. */
export interface Division {
  readonly edges: readonly number[];
  /** How much need each class stands for: 5 most; of thirds 3 most. */
  readonly needs: readonly number[];
  /** What each class is called; null: nothing in particular. */
  readonly levels: readonly string[] | null;
  /** Need of areas, by gid, that are of another class than their rounded value says. */
  readonly exceptions: Readonly<Record<string, number>>;
}

const DIVISIONS = ['quantile', 'equal', 'published', 'thirds', 'published_thirds'] as const;

export type Divisions = Readonly<Partial<Record<(typeof DIVISIONS)[number], Division>>>;

export interface SeriesValues {
  readonly name: string;
  readonly unit: string;
  readonly measure: string;
  readonly decimals: number;
  readonly period: string;
  readonly firstGid: number;
  readonly values: readonly (number | null)[];
  /** Why there is none, or what else is said, by gid. */
  readonly statuses: Readonly<Record<string, string>>;
  readonly breaks: Divisions;
}

/** Where the values are; with `version` the browser may keep them for good. */
export function writeValuesPath(key: SeriesKey, version: string): string {
  const query = new URLSearchParams({
    area_type: key.areaType,
    boundary_year: String(key.boundaryYear),
  });
  for (const name of ['period', 'sex', 'age'] as const) {
    if (key[name] !== '') query.set(name, key[name]);
  }
  if (version !== '') query.set('version', version);
  return `/api/v1/indicators/${encodeURIComponent(key.indicator)}/values?${query.toString()}`;
}

export async function fetchValues(
  key: SeriesKey,
  version: string,
  signal?: AbortSignal,
): Promise<SeriesValues> {
  const path = writeValuesPath(key, version);
  const answer = await getJson(path, signal);
  if (!isShape(answer)) throw new TypeError(`${path} did not answer with values`);
  return readValues(answer);
}

function readValues(answer: Shape): SeriesValues {
  const indicator = readShape(answer, 'indicator');
  const { values, statuses, breaks } = answer;
  if (!Array.isArray(values) || !values.every((each) => each === null || typeof each === 'number')) {
    throw new TypeError('values are no numbers');
  }
  return {
    name: readText(indicator, 'name'),
    unit: readText(indicator, 'unit'),
    measure: readText(indicator, 'measure'),
    decimals: readNumber(indicator, 'decimals'),
    period: readText(answer, 'period'),
    firstGid: readNumber(answer, 'first_gid'),
    values: values as (number | null)[],
    statuses: isShape(statuses) ? (statuses as Record<string, string>) : {},
    breaks: isShape(breaks) ? readDivisions(breaks) : {},
  };
}

function readDivisions(breaks: Shape): Divisions {
  const found: Partial<Record<(typeof DIVISIONS)[number], Division>> = {};
  for (const name of DIVISIONS) {
    const given = breaks[name];
    if (!isShape(given)) continue;
    const { edges, needs, levels, exceptions } = given;
    if (!isNumbers(edges) || !isNumbers(needs)) throw new TypeError(`${name} divides nothing`);
    found[name] = {
      edges,
      needs,
      levels: isTexts(levels) ? levels : null,
      exceptions: isShape(exceptions) ? (exceptions as Record<string, number>) : {},
    };
  }
  return found;
}
