// Places that somebody may mean by what they have typed so far.
import { getJson } from './client.ts';
import { isShape, readShape, readText, type Shape } from './shapes.ts';

export interface NamedArea {
  /** Kind and code, as addresses of pages have them. */
  readonly place: string;
  readonly name: string;
  readonly kind: string;
  readonly within: string;
}

export async function fetchPostcodes(begun: string, limit: number, signal: AbortSignal): Promise<string[]> {
  const query = new URLSearchParams({ q: begun.slice(0, 20), limit: String(limit) });
  const rows = await fetchRows(`/api/v1/postcodes?${query.toString()}`, signal);
  return rows.map((row) => {
    readShape(row, 'location');
    return readText(row, 'postcode');
  });
}

export async function fetchNamedAreas(words: string, limit: number, signal: AbortSignal): Promise<NamedArea[]> {
  const query = new URLSearchParams({ q: words.slice(0, 200), limit: String(limit) });
  const rows = await fetchRows(`/api/v1/areas/named?${query.toString()}`, signal);
  return rows.map((row) => ({
    place: `${readText(row, 'type')}:${readText(row, 'code')}`,
    name: readText(row, 'name'),
    kind: readText(row, 'kind'),
    within: typeof row['within'] === 'string' ? row['within'] : '',
  }));
}

async function fetchRows(path: string, signal: AbortSignal): Promise<Shape[]> {
  const answer = await getJson(path, signal);
  if (!Array.isArray(answer)) throw new TypeError(`${path} did not answer with a list`);
  return answer.filter(isShape);
}
