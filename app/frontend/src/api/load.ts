// How far the load of a place is, checked before anything shows it.
import { getJson } from './client.ts';

export interface Load {
  readonly step: string;
  readonly done: number;
  readonly total: number | null;
  readonly outcome: string;
}

/** Fetch what `path` says of the load; rejects if the answer is not what was agreed. */
export async function fetchLoad(path: string): Promise<Load> {
  const answer = await getJson(path);
  if (!isLoad(answer)) throw new TypeError(`${path} did not answer with a load`);
  return answer;
}

function isLoad(value: unknown): value is Load {
  if (typeof value !== 'object' || value === null) return false;
  const { step, done, total, outcome } = value as Record<string, unknown>;
  return (
    typeof step === 'string' &&
    typeof done === 'number' &&
    (total === null || typeof total === 'number') &&
    typeof outcome === 'string'
  );
}
