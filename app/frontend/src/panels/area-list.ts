// The list of districts and neighbourhoods: points at areas, and shows which one is chosen.
import type { Selection, SelectionState } from '../state/selection.ts';
import { unfold } from './unfolding.ts';

const ON = 'is-on';
const CHOSEN = 'is-chosen';

interface Entry {
  readonly element: HTMLElement;
  readonly says: string;
  /** Its own name and those of the folds around it, made comparable. */
  readonly names: string;
}

export interface FilterResult {
  readonly codes: ReadonlySet<string>;
  readonly total: number;
}

export class AreaList {
  readonly #root: HTMLElement;
  readonly #selection: Selection;
  readonly #areas = new Map<string, Entry>();
  readonly #districts = new Map<string, Entry>();
  // Which districts the visitor had open before filtering, to give them back afterwards.
  #openBefore: ReadonlySet<HTMLDetailsElement> | null = null;

  constructor(root: HTMLElement, selection: Selection) {
    this.#root = root;
    this.#selection = selection;
    for (const element of root.querySelectorAll<HTMLElement>('[data-area]')) {
      this.#areas.set(element.dataset['area'] ?? '', read(element));
    }
    for (const element of root.querySelectorAll<HTMLElement>('[data-district]')) {
      this.#districts.set(element.dataset['district'] ?? '', read(element));
    }
    this.#listenToPointing();
    this.#listenToChoosing();
    selection.listen((state) => {
      this.#show(state);
    });
  }

  /** Say in one sentence which area a code means; null if the list does not have it. */
  describe(code: string): string | null {
    return (this.#areas.get(code) ?? this.#districts.get(code))?.says ?? null;
  }

  /** Show the neighbourhoods with `text` in their own, their district's or their region's name. */
  filter(text: string): FilterResult {
    const wanted = fold(text);
    const codes = new Set<string>();
    for (const [code, entry] of this.#areas) {
      const matches = entry.names.includes(wanted);
      entry.element.hidden = !matches;
      if (matches) codes.add(code);
    }
    this.#foldDistricts(wanted !== '');
    return { codes, total: this.#areas.size };
  }

  #foldDistricts(isFiltering: boolean): void {
    const all = [...this.#root.querySelectorAll('details')];
    this.#openBefore ??= new Set(all.filter((each) => each.open));
    for (const each of all) {
      const item = each.closest('li');
      const hasMatch = each.querySelector('[data-area]:not([hidden])') !== null;
      if (item !== null) item.hidden = isFiltering && !hasMatch;
      each.open = isFiltering ? hasMatch : this.#openBefore.has(each);
    }
    if (!isFiltering) this.#openBefore = null;
  }

  #listenToPointing(): void {
    const point = (event: Event): void => {
      this.#selection.highlight(findCode(event.target));
    };
    const leave = (): void => {
      this.#selection.highlight(null);
    };
    this.#root.addEventListener('pointerover', point);
    this.#root.addEventListener('pointerleave', leave);
    this.#root.addEventListener('focusin', point);
    this.#root.addEventListener('focusout', leave);
  }

  #listenToChoosing(): void {
    this.#root.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (link === null) return;
      // The entry is in view already: choosing it must not make the page jump.
      event.preventDefault();
      this.#selection.choose(findCode(link), 'list');
    });
  }

  #show({ highlighted, chosen, origin }: SelectionState): void {
    for (const [code, entry] of [...this.#areas, ...this.#districts]) {
      entry.element.classList.toggle(ON, code === highlighted);
      const isNew = code === chosen && !entry.element.classList.contains(CHOSEN);
      entry.element.classList.toggle(CHOSEN, code === chosen);
      const link = entry.element.querySelector('a');
      if (this.#areas.has(code) && link !== null) {
        if (code === chosen) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
      if (isNew && origin !== 'list') this.#reveal(entry, origin === 'map');
    }
  }

  #reveal(entry: Entry, isNear: boolean): void {
    unfold(entry.element);
    entry.element.scrollIntoView({ block: isNear ? 'nearest' : 'center' });
  }
}

function read(element: HTMLElement): Entry {
  return {
    element,
    says: element.dataset['says'] ?? '',
    names: listNames(element).map(fold).join('\n'),
  };
}

function listNames(element: HTMLElement): string[] {
  const around = element.parentElement?.closest<HTMLElement>('details') ?? null;
  const own = element.dataset['name'] ?? '';
  return around === null ? [own] : [own, ...listNames(around)];
}

/** Return the area or district an element stands for, or null. */
function findCode(target: EventTarget | null): string | null {
  if (!(target instanceof Element)) return null;
  const area = target.closest<HTMLElement>('[data-area]');
  if (area !== null) return area.dataset['area'] ?? null;
  const district = target.closest('summary')?.closest<HTMLElement>('[data-district]');
  return district?.dataset['district'] ?? null;
}

/** Make names comparable whatever their capitals and accents. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
