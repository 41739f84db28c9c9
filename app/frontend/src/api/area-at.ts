// In which areas a point lies.
import { getJson } from './client.ts';

/** The name of the area of a kind at a point, else of the smallest; null outside the place. */
export async function nameArea(
  lon: number,
  lat: number,
  kind: string,
  signal: AbortSignal,
): Promise<string | null> {
  const query = new URLSearchParams({ lon: lon.toFixed(6), lat: lat.toFixed(6) });
  const found = await getJson(`/api/v1/areas/at?${query.toString()}`, signal);
  const areas = readAreas(found);
  return (areas.find((area) => area.type === kind) ?? areas[0])?.name ?? null;
}

function readAreas(found: unknown): { readonly type: string; readonly name: string }[] {
  const listed = typeof found === 'object' && found !== null && 'items' in found ? found.items : found;
  if (!Array.isArray(listed)) return [];
  return listed.filter(isArea);
}

function isArea(each: unknown): each is { type: string; name: string } {
  return (
    typeof each === 'object' &&
    each !== null &&
    'type' in each &&
    'name' in each &&
    typeof each.type === 'string' &&
    typeof each.name === 'string'
  );
}
