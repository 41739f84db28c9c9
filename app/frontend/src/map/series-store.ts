// Values of indicators, each fetched once for as long as its version is current.
import { ApiError } from '../api/client.ts';
import { fetchValues, writeValuesPath, type SeriesKey, type SeriesValues } from '../api/values.ts';

const AGAIN_MS = 5000;

export class SeriesStore {
  readonly #kept = new Map<string, SeriesValues | null>();
  readonly #waiting = new Map<string, Promise<SeriesValues | null>>();
  readonly #onNews: () => void;
  #version: string;

  constructor(version: string, onNews: () => void) {
    this.#version = version;
    this.#onNews = onNews;
  }

  /** The values if they are here; null: there are none; undefined: they are being fetched. */
  get(key: SeriesKey): SeriesValues | null | undefined {
    const name = writeValuesPath(key, '');
    const kept = this.#kept.get(name);
    if (kept === undefined) {
      void this.load(key).then(this.#onNews);
    }
    return kept;
  }

  /** Fetch values; null if there are none for this kind of area. */
  async load(key: SeriesKey): Promise<SeriesValues | null> {
    const name = writeValuesPath(key, '');
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    const waiting = this.#waiting.get(name) ?? this.#ask(name, key);
    this.#waiting.set(name, waiting);
    return waiting;
  }

  async #ask(name: string, key: SeriesKey): Promise<SeriesValues | null> {
    for (;;) {
      try {
        const found = await this.#fetch(key);
        this.#kept.set(name, found);
        // Asked for as the newest, they are also those of their own period.
        this.#kept.set(writeValuesPath({ ...key, period: found.period }, ''), found);
        this.#waiting.delete(name);
        return found;
      } catch (error) {
        if (error instanceof ApiError && error.status < 500) {
          this.#kept.set(name, null);
          this.#waiting.delete(name);
          return null;
        }
        console.info('Values could not be fetched; they are asked for again.', error);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  async #fetch(key: SeriesKey): Promise<SeriesValues> {
    try {
      return await fetchValues(key, this.#version);
    } catch (error) {
      const current = error instanceof ApiError ? error.problem['current_version'] : undefined;
      if (typeof current !== 'string' || current === this.#version) throw error;
      // The figures have been loaded anew since the page was: what was kept is out of date.
      this.#version = current;
      this.#kept.clear();
      return fetchValues(key, current);
    }
  }
}
