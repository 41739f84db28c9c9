// From values to classes: one small number an area, in the order of gids.

/** No class: no figure, or none that may be told. Drawn hatched. */
export const NONE = 0;
const NEEDS = 5;
const THIRDS = 3;
/** Bivariate classes follow the five of one indicator: 6 is 11, 7 is 12, ... 14 is 33. */
const FIRST_OF_BOTH = NEEDS + 1;
export const CLASS_COUNT = FIRST_OF_BOTH + THIRDS * THIRDS;

export interface Series {
  readonly firstGid: number;
  readonly values: readonly (number | null)[];
  readonly polarity: 'high is bad' | 'high is good' | 'neither';
}

/** Classes by gid: `classes[gid]`. What lies beyond the end has none. */
export type Classes = Uint8Array;

/** Which style of the sheet a class has: need-4, b23, none. */
export function nameClass(number: number): string {
  if (number === NONE) return 'none';
  if (number <= NEEDS) return `need-${String(number)}`;
  const place = number - FIRST_OF_BOTH;
  return `b${String(Math.floor(place / THIRDS) + 1)}${String((place % THIRDS) + 1)}`;
}

/** The class of a value among inner edges: how many of them it has reached. */
export function findClass(value: number, edges: readonly number[]): number {
  let reached = 0;
  while (reached < edges.length && value >= (edges[reached] ?? Infinity)) reached += 1;
  return reached;
}

/** One of the five colours for the class in place `index` of `count`, from least to most need. */
export function spreadNeed(index: number, count: number): number {
  return count <= 1 ? (NEEDS + 1) / 2 : 1 + Math.round((index * (NEEDS - 1)) / (count - 1));
}

/** Class an indicator's values by inner edges; 5 is most need, or highest where neither is. */
export function classOne(series: Series, edges: readonly number[]): Classes {
  const count = edges.length + 1;
  const numbers = Array.from({ length: count }, (_, index) =>
    spreadNeed(orient(index, count, series), count),
  );
  const classes = makeClasses(series);
  series.values.forEach((value, index) => {
    if (value === null) return;
    classes[series.firstGid + index] = numbers[findClass(value, edges)] ?? NONE;
  });
  return classes;
}

/** Class two indicators at once, by thirds of each; an area without either figure has none. */
export function classBoth(
  first: Series,
  second: Series,
  edges: readonly number[],
  secondEdges: readonly number[],
): Classes {
  const classes = makeClasses(first);
  first.values.forEach((value, index) => {
    const gid = first.firstGid + index;
    const other = second.values[gid - second.firstGid];
    if (value === null || other === null || other === undefined) return;
    const row = findThird(value, edges, first);
    const column = findThird(other, secondEdges, second);
    classes[gid] = FIRST_OF_BOTH + row * THIRDS + column;
  });
  return classes;
}

/** The inner edges of three classes with about as many values each. */
export function findThirds(values: readonly (number | null)[]): number[] {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0) return [];
  const edges = [1, 2].map((part) => interpolate(known, (part * (known.length - 1)) / THIRDS));
  return [...new Set(edges)];
}

function findThird(value: number, edges: readonly number[], series: Series): number {
  return orient(Math.min(findClass(value, edges), THIRDS - 1), THIRDS, series);
}

function orient(index: number, count: number, { polarity }: Series): number {
  return polarity === 'high is good' ? count - 1 - index : index;
}

function interpolate(sorted: readonly number[], place: number): number {
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

function makeClasses({ firstGid, values }: Series): Classes {
  return new Uint8Array(firstGid + values.length);
}
