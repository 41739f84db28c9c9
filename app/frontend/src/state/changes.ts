// What is tried, as the address of the page of gaps carries it: `add_-2.98310_53.40840~close_...`.

const BETWEEN = '~';
const INSIDE = '_';
const DIGITS = 5;

/** Where the longitude stands in changes that name a point. */
const POINT_AT = new Map([
  ['add', 1],
  ['move', 2],
]);

export interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** The changes with one more site; `holds` is empty where each site counts as one. */
export function addSite(changes: string, place: Place, holds: string): string {
  const added = ['add', ...writePlace(place), ...(holds === '' ? [] : [holds])].join(INSIDE);
  return [...split(changes), added].join(BETWEEN);
}

/** The changes with one of those that name a point somewhere else; counted from 1. */
export function moveSite(changes: string, number: number, place: Place): string {
  return split(changes)
    .map((each, index) => (index === number - 1 ? move(each, place) : each))
    .join(BETWEEN);
}

function move(change: string, place: Place): string {
  const parts = change.split(INSIDE);
  const from = POINT_AT.get(parts[0] ?? '');
  if (from === undefined) return change;
  return [...parts.slice(0, from), ...writePlace(place), ...parts.slice(from + 2)].join(INSIDE);
}

function writePlace({ lon, lat }: Place): string[] {
  return [lon.toFixed(DIGITS), lat.toFixed(DIGITS)];
}

function split(changes: string): string[] {
  return changes === '' ? [] : changes.split(BETWEEN);
}
