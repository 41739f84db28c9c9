// Tiles fetched, taken apart and kept: one request however many want a tile, none for tiles that
// nobody wants any more, and asking again, ever more rarely, while the server is away.
import { ApiError, getBytes } from '../api/client.ts';

const KEPT = 400;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

interface Waiting<T> {
  readonly answer: Promise<T | null>;
  readonly stop: AbortController;
  wanted: number;
}

export interface TileStoreOptions<T> {
  readonly decode: (bytes: ArrayBuffer) => T;
  /** Called when a tile cannot be had for now, and with false once one can again. */
  readonly onTrouble: (isAway: boolean) => void;
  /** Called when the server says that the address is of another version. */
  readonly onStale: () => void;
  /** Ends the store with the map it is of. */
  readonly signal: AbortSignal;
}

export class TileStore<T> {
  readonly #options: TileStoreOptions<T>;
  readonly #kept = new Map<string, T | null>();
  readonly #waiting = new Map<string, Waiting<T>>();
  readonly #sleepers = new Set<() => void>();

  constructor(options: TileStoreOptions<T>) {
    this.#options = options;
    const wakeAll = (): void => {
      for (const wake of this.#sleepers) wake();
    };
    addEventListener('online', wakeAll, { signal: options.signal });
    options.signal.addEventListener('abort', () => {
      for (const { stop } of this.#waiting.values()) stop.abort();
    });
  }

  /** The tile if it is here; null: it is empty; undefined: it is not here. */
  get(address: string): T | null | undefined {
    return this.#kept.get(address);
  }

  /** Fetch a tile, once for all who want it. Rejects only when it is given up. */
  async load(address: string): Promise<T | null> {
    const kept = this.#kept.get(address);
    if (kept !== undefined) {
      this.#keep(address, kept);
      return kept;
    }
    let waiting = this.#waiting.get(address);
    if (waiting === undefined) {
      const stop = new AbortController();
      waiting = { answer: this.#ask(address, stop.signal), stop, wanted: 0 };
      this.#waiting.set(address, waiting);
    }
    waiting.wanted += 1;
    return waiting.answer;
  }

  /** One who wanted the tile does so no more; the last one ends its request. */
  release(address: string): void {
    const waiting = this.#waiting.get(address);
    if (waiting === undefined) return;
    waiting.wanted -= 1;
    if (waiting.wanted > 0) return;
    this.#waiting.delete(address);
    waiting.stop.abort();
  }

  /** Forget tiles, so that they are asked for again. */
  forget(isMeant: (address: string) => boolean): void {
    for (const address of [...this.#kept.keys()]) {
      if (isMeant(address)) this.#kept.delete(address);
    }
  }

  async #ask(address: string, signal: AbortSignal): Promise<T | null> {
    try {
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
        const found = await this.#tryOnce(address, signal);
        if (found !== undefined) return found;
        await this.#sleep(pause, signal);
      }
    } finally {
      if (this.#waiting.get(address)?.stop.signal === signal) this.#waiting.delete(address);
    }
  }

  /** Return undefined if it is worth asking again. */
  async #tryOnce(address: string, signal: AbortSignal): Promise<T | null | undefined> {
    try {
      const bytes = await getBytes(address, signal);
      const tile = bytes === null ? null : this.#options.decode(bytes);
      this.#keep(address, tile);
      this.#options.onTrouble(false);
      return tile;
    } catch (error) {
      if (signal.aborted) throw error;
      if (!isPassing(error)) {
        if (error instanceof ApiError && 'current_version' in error.problem) this.#options.onStale();
        throw error;
      }
      this.#options.onTrouble(true);
      return undefined;
    }
  }

  async #sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        wake();
        reject(new DOMException('Nobody wants this tile any more', 'AbortError'));
      };
      const timer = setTimeout(wake, milliseconds);
      this.#sleepers.add(wake);
      signal.addEventListener('abort', stop);
    });
  }

  /** Keep a tile as the newest of those kept, and let the oldest go. */
  #keep(address: string, tile: T | null): void {
    this.#kept.delete(address);
    this.#kept.set(address, tile);
    if (this.#kept.size <= KEPT) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** Whether asking again may help: no answer at all, or one that says so. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return error instanceof TypeError;
  return error.status >= 500 || error.status === 429 || error.status === 408;
}
