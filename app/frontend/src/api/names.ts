// Names, codes and label points of areas, a stretch of gids at a time.
import { getJson } from './client.ts';
import { isNumbers, isShape, isTexts, readNumber } from './shapes.ts';

export interface NamesChunk {
  readonly firstGid: number;
  readonly codes: readonly string[];
  readonly names: readonly string[];
  readonly lon: readonly number[];
  readonly lat: readonly number[];
}

export async function fetchNames(
  areaType: string,
  boundaryYear: number,
  fromGid: number,
  limit: number,
): Promise<NamesChunk> {
  const query = new URLSearchParams({
    type: areaType,
    boundary_year: String(boundaryYear),
    from_gid: String(fromGid),
    limit: String(limit),
  });
  const path = `/api/v1/areas/names?${query.toString()}`;
  const answer = await getJson(path);
  if (!isShape(answer)) throw new TypeError(`${path} did not answer with names`);
  const { codes, names, lon, lat } = answer;
  if (!isTexts(codes) || !isTexts(names) || !isNumbers(lon) || !isNumbers(lat)) {
    throw new TypeError(`${path} did not answer with names and points`);
  }
  return {
    firstGid: readNumber(answer, 'first_gid'),
    codes,
    names,
    lon,
    lat,
  };
}
