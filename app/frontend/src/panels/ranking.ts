// The ranked table beside the map: points at areas, chooses them, and shows which one is chosen.
import type { MapWords } from '../state/map-words.ts';
import { nameArea, readArea, type Selection, type SelectionState } from '../state/selection.ts';

const ON = 'is-on';
const CHOSEN = 'is-chosen';

export class Ranking {
  readonly #root: HTMLElement;
  readonly #layer: string;
  readonly #words: MapWords;
  readonly #rows = new Map<string, HTMLElement>();

  constructor(root: HTMLElement, layer: string, selection: Selection, words: MapWords) {
    this.#root = root;
    this.#layer = layer;
    this.#words = words;
    for (const row of root.querySelectorAll<HTMLElement>('[data-gid]')) {
      this.#rows.set(nameArea(layer, Number(row.dataset['gid'])), row);
      this.#offerMap(row);
    }
    const point = (event: Event): void => {
      selection.highlight(this.#findArea(event.target));
    };
    const leave = (): void => {
      selection.highlight(null);
    };
    root.addEventListener('pointerover', point);
    root.addEventListener('pointerleave', leave);
    root.addEventListener('focusin', point);
    root.addEventListener('focusout', leave);
    root.addEventListener('click', (event) => {
      // A link of the row leads where it says.
      if (event.target instanceof Element && event.target.closest('a') !== null) return;
      const area = this.#findArea(event.target);
      if (area !== null) selection.choose(area, 'list');
    });
  }

  findRow(area: string): HTMLElement | null {
    return this.#rows.get(area) ?? null;
  }

  /** The code of an area that has a row here. */
  findCode(area: string | null): string | null {
    return (area === null ? undefined : this.#rows.get(area))?.dataset['code'] ?? null;
  }

  /** The area whose row has a code. */
  findByCode(code: string): string | null {
    for (const [area, row] of this.#rows) if (row.dataset['code'] === code) return area;
    return null;
  }

  show({ highlighted, chosen, origin }: SelectionState): void {
    for (const [area, row] of this.#rows) {
      row.classList.toggle(ON, area === highlighted);
      const isNew = area === chosen && !row.classList.contains(CHOSEN);
      row.classList.toggle(CHOSEN, area === chosen);
      if (area === chosen) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
      if (isNew && origin === 'map') this.#reveal(row);
    }
  }

  /** Bring a row into view inside a list that scrolls, never by moving the page from the map. */
  #reveal(row: HTMLElement): void {
    const scroller = row.closest<HTMLElement>('[data-scrolls]');
    if (scroller === null) return;
    const [outer, inner] = [scroller.getBoundingClientRect(), row.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) {
      scroller.scrollTop += inner.top - outer.top - outer.height / 3;
    }
  }

  #offerMap(row: HTMLElement): void {
    const head = row.querySelector('th');
    const name = head?.querySelector('a')?.textContent.trim() ?? head?.textContent.trim() ?? '';
    const label = this.#words('showOnMap', { name });
    if (head === null || label === '' || head.querySelector('.ha-to-map') !== null) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'ha-to-map';
    button.setAttribute('aria-label', label);
    button.title = label;
    head.append(' ', button);
  }

  #findArea(target: EventTarget | null): string | null {
    if (!(target instanceof Element) || !this.#root.contains(target)) return null;
    const gid = target.closest<HTMLElement>('[data-gid]')?.dataset['gid'];
    const area = gid === undefined ? null : nameArea(this.#layer, Number(gid));
    return readArea(area) === null ? null : area;
  }
}
