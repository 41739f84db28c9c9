// Which area is pointed at and which is chosen; the chosen one is kept in the address bar.

/** Who chose: what the visitor is looking at already needs no scrolling to. */
export type Origin = 'map' | 'list' | 'address';

export interface SelectionState {
  readonly highlighted: string | null;
  readonly chosen: string | null;
  readonly origin: Origin;
}

export type SelectionListener = (state: SelectionState) => void;

const PREFIX = '#area-';

export class Selection {
  #state: SelectionState = { highlighted: null, chosen: null, origin: 'address' };
  readonly #listeners: SelectionListener[] = [];

  /** Call `listener` at every change, in the order in which listeners came. */
  listen(listener: SelectionListener): void {
    this.#listeners.push(listener);
  }

  get state(): SelectionState {
    return this.#state;
  }

  highlight(code: string | null): void {
    if (code !== this.#state.highlighted) this.#change({ ...this.#state, highlighted: code });
  }

  choose(code: string | null, origin: Origin): void {
    if (code !== this.#state.chosen) this.#change({ ...this.#state, chosen: code, origin });
  }

  #change(state: SelectionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

/** Return the code of the area that the address names after its #, or null. */
export function readChosen(): string | null {
  if (!location.hash.startsWith(PREFIX)) return null;
  try {
    return decodeURIComponent(location.hash.slice(PREFIX.length)) || null;
  } catch {
    // A hand-edited address can hold a broken escape.
    return null;
  }
}

/** Name the chosen area in the address, without a step in the visitor's history. */
export function writeChosen(code: string | null): void {
  if (code === readChosen()) return;
  const address = new URL(location.href);
  address.hash = code === null ? '' : `${PREFIX.slice(1)}${code}`;
  history.replaceState(history.state, '', address);
}

/** How an area of a tile layer is called in a selection: its layer and its number there. */
export function nameArea(layer: string, gid: number): string {
  return `${layer}/${String(gid)}`;
}

export interface AreaKey {
  readonly layer: string;
  readonly gid: number;
}

/** Return the layer and number of what `nameArea` wrote, or null. */
export function readArea(name: string | null): AreaKey | null {
  const [layer = '', number = ''] = (name ?? '').split('/');
  const gid = Number(number);
  return layer !== '' && Number.isInteger(gid) && gid > 0 ? { layer, gid } : null;
}
