// The values of an indicator for a kind of area, in the order of gids.
import { getJson } from './client.ts';
import { isNumbers, isShape, isTexts, readNumber, readShape, readText, type Shape } from './shapes.ts';

export type Polarity = 'high is bad' | 'high is good' | 'neither';
export type BreaksName = 'quantile' | 'equal' | 'published';

export interface SeriesKey {
  readonly indicator: string;
  readonly areaType: string;
  readonly boundaryYear: number;
  /** Empty: the newest. */
  readonly period: string;
  readonly sex: string;
  readonly age: string;
}

export interface SeriesValues {
  readonly name: string;
  readonly unit: string;
  readonly measure: string;
  readonly decimals: number;
  readonly polarity: Polarity;
  readonly period: string;
  readonly firstGid: number;
  readonly values: readonly (number | null)[];
  /** Why there is none, or what else is said, by gid. */
  readonly statuses: Readonly<Record<string, string>>;
  readonly breaks: Readonly<Partial<Record<BreaksName, readonly number[]>>>;
  /** What the classes between the published breaks are called, lowest values first. */
  readonly levels: readonly string[] | null;
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
  const { values, statuses, breaks, level } = answer;
  if (!Array.isArray(values) || !values.every((each) => each === null || typeof each === 'number')) {
    throw new TypeError('values are no numbers');
  }
  return {
    name: readText(indicator, 'name'),
    unit: readText(indicator, 'unit'),
    measure: readText(indicator, 'measure'),
    decimals: readNumber(indicator, 'decimals'),
    polarity: readPolarity(indicator['polarity']),
    period: readText(answer, 'period'),
    firstGid: readNumber(answer, 'first_gid'),
    values: values as (number | null)[],
    statuses: isShape(statuses) ? (statuses as Record<string, string>) : {},
    breaks: isShape(breaks) ? readBreaks(breaks) : {},
    levels: isTexts(level) ? level : null,
  };
}

function readPolarity(value: unknown): Polarity {
  return value === 'high is bad' || value === 'high is good' ? value : 'neither';
}

function readBreaks(breaks: Shape): Partial<Record<BreaksName, number[]>> {
  const names = ['quantile', 'equal', 'published'] as const;
  const found: Partial<Record<BreaksName, number[]>> = {};
  for (const name of names) {
    const edges = breaks[name];
    if (isNumbers(edges)) found[name] = edges;
  }
  return found;
}
