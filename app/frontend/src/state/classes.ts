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
}

/** A way to divide values into classes, from the lowest values, with the need of each. */
export interface Division {
  readonly edges: readonly number[];
  readonly needs: readonly number[];
  /** Need of areas, by gid, that are of another class than their rounded value says. */
  readonly exceptions: Readonly<Record<string, number>>;
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

/** Class an indicator's values; 5 is most need, or highest where neither end is better. */
export function classOne(series: Series, division: Division): Classes {
  const classes = makeClasses(series);
  series.values.forEach((value, index) => {
    if (value !== null) classes[series.firstGid + index] = findNeed(value, division);
  });
  makeExceptions(classes, division);
  return classes;
}

/** Class two indicators at once, by thirds of each; an area without either figure has none. */
export function classBoth(
  first: Series,
  second: Series,
  division: Division,
  secondDivision: Division,
): Classes {
  const classes = classOne(first, division);
  const columns = classOne(second, secondDivision);
  classes.forEach((row, gid) => {
    const column = columns[gid] ?? NONE;
    const isKnown = row !== NONE && column !== NONE;
    classes[gid] = isKnown ? FIRST_OF_BOTH + (row - 1) * THIRDS + column - 1 : NONE;
  });
  return classes;
}

function findNeed(value: number, { edges, needs }: Division): number {
  return needs[findClass(value, edges)] ?? NONE;
}

function makeExceptions(classes: Classes, { exceptions }: Division): void {
  for (const [gid, need] of Object.entries(exceptions)) {
    if (classes[Number(gid)] !== NONE) classes[Number(gid)] = need;
  }
}

function makeClasses({ firstGid, values }: Series): Classes {
  return new Uint8Array(firstGid + values.length);
}
