// How many organisations there are in each area, by kind.
import { getJson } from './client.ts';
import { isNumbers, isShape, readNumber, readShape, readText } from './shapes.ts';

export interface OrganisationCounts {
  readonly layer: string;
  readonly firstGid: number;
  readonly counts: Readonly<Record<string, readonly number[]>>;
}

export async function fetchOrganisationCounts(
  areaType: string,
  boundaryYear: number,
  relation: string,
  kinds: readonly string[],
  signal?: AbortSignal,
): Promise<OrganisationCounts> {
  const query = new URLSearchParams({
    area_type: areaType,
    boundary_year: String(boundaryYear),
    relation,
  });
  for (const kind of kinds) query.append('kind', kind);
  const path = `/api/v1/organisations/counts?${query.toString()}`;
  const answer = await getJson(path, signal);
  if (!isShape(answer)) throw new TypeError(`${path} did not answer with counts`);
  const found = Object.entries(readShape(answer, 'counts')).filter(
    (entry): entry is [string, number[]] => isNumbers(entry[1]),
  );
  return {
    layer: readText(answer, 'layer'),
    firstGid: readNumber(answer, 'first_gid'),
    counts: Object.fromEntries(found),
  };
}
