// The rows of what is near, as the server wrote them: what the map shows, and what is marked.

const CHOSEN = 'is-chosen';

export interface ListedPlace {
  readonly id: string;
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  readonly sign: Element;
}

/** The rows of a result that have a point. */
export function readPlaces(result: HTMLElement): ListedPlace[] {
  const places: ListedPlace[] = [];
  for (const row of result.querySelectorAll<HTMLElement>('[data-card][data-lon]')) {
    const sign = row.querySelector('.ha-sign');
    const { card = '', name = '', lon, lat } = row.dataset;
    if (sign !== null) places.push({ id: card, name, lon: Number(lon), lat: Number(lat), sign });
  }
  return places;
}

/** Mark one row; null marks none. */
export function markRow(result: HTMLElement, id: string | null): HTMLElement | null {
  let found: HTMLElement | null = null;
  for (const row of result.querySelectorAll<HTMLElement>('[data-card]')) {
    const isIt = row.dataset['card'] === id;
    row.classList.toggle(CHOSEN, isIt);
    if (isIt) found = row;
  }
  return found;
}

/** Call back with the row that is pointed at or has the focus; with null when none is. */
export function followRows(root: HTMLElement, onPoint: (id: string | null) => void): void {
  const find = (event: Event): string | null => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-card]') : null;
    return row?.dataset['card'] ?? null;
  };
  for (const kind of ['pointerover', 'focusin']) {
    root.addEventListener(kind, (event) => {
      const id = find(event);
      if (id !== null) onPoint(id);
    });
  }
}

/** What of a row is shown beside its sign on a map that hides the list. */
export function copyCard(result: HTMLElement, id: string): HTMLElement | null {
  const body = result.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"] > div`);
  return body === null ? null : (body.cloneNode(true) as HTMLElement);
}
