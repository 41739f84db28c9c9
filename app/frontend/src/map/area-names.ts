// Names and label points of areas, asked for in stretches when somebody first wants one.
import { fetchNames, type NamesChunk } from '../api/names.ts';
import type { AreaLayer } from '../api/tile-layers.ts';

const CHUNK = 5000;

export interface NamedArea {
  readonly code: string;
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
}

export class AreaNames {
  readonly #layers = new Map<string, AreaLayer>();
  readonly #chunks = new Map<string, NamesChunk | null>();
  readonly #onNews: () => void;

  constructor(layers: readonly AreaLayer[], onNews: () => void) {
    this.#onNews = onNews;
    this.setLayers(layers);
  }

  setLayers(layers: readonly AreaLayer[]): void {
    this.#layers.clear();
    for (const each of layers) this.#layers.set(each.layer, each);
  }

  /** How many areas a layer has; 0: not known. */
  count(layer: string): number {
    return this.#layers.get(layer)?.count ?? 0;
  }

  /** The area if its name is here; otherwise it is asked for, and `onNews` called when it is. */
  get(layer: string, gid: number): NamedArea | null {
    const start = gid - ((gid - 1) % CHUNK);
    const key = `${layer}/${String(start)}`;
    const chunk = this.#chunks.get(key);
    if (chunk === undefined) {
      this.#chunks.set(key, null);
      void this.#fetch(key, layer, start);
      return null;
    }
    return chunk === null ? null : readArea(chunk, gid - chunk.firstGid);
  }

  /** The area, once its name is here; null if there is none. */
  async locate(layer: string, gid: number): Promise<NamedArea | null> {
    const chunk = await this.#load(layer, gid - ((gid - 1) % CHUNK));
    return chunk === null ? null : readArea(chunk, gid - chunk.firstGid);
  }

  /** All areas of a layer; waits for every stretch. */
  async list(layer: string): Promise<Map<number, NamedArea>> {
    const starts = Array.from({ length: Math.ceil(this.count(layer) / CHUNK) }, (_, index) => 1 + index * CHUNK);
    const found = new Map<number, NamedArea>();
    for (const start of starts) {
      const chunk = await this.#load(layer, start);
      chunk?.codes.forEach((_, index) => {
        const area = readArea(chunk, index);
        if (area !== null) found.set(chunk.firstGid + index, area);
      });
    }
    return found;
  }

  /** The number of the area with a code, or null. */
  async find(layer: string, code: string): Promise<number | null> {
    for (const [gid, area] of await this.list(layer)) if (area.code === code) return gid;
    return null;
  }

  async #fetch(key: string, layer: string, start: number): Promise<void> {
    const chunk = await this.#load(layer, start);
    if (chunk === null) this.#chunks.delete(key);
    else this.#onNews();
  }

  async #load(layer: string, start: number): Promise<NamesChunk | null> {
    const key = `${layer}/${String(start)}`;
    const kept = this.#chunks.get(key);
    const source = this.#layers.get(layer);
    if (kept) return kept;
    if (source === undefined) return null;
    try {
      const chunk = await fetchNames(source.areaType, source.boundaryYear, start, CHUNK);
      this.#chunks.set(key, chunk);
      return chunk;
    } catch (error) {
      console.info('Names of areas could not be fetched; they are asked for again.', error);
      return null;
    }
  }
}

function readArea(chunk: NamesChunk, index: number): NamedArea | null {
  const [code, name] = [chunk.codes[index], chunk.names[index]];
  const [lon, lat] = [chunk.lon[index], chunk.lat[index]];
  if (code === undefined || name === undefined || lon === undefined || lat === undefined) return null;
  return { code, name, lon, lat };
}
