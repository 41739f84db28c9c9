// The page of what is near: filters, list and map of the same rows, without leaving the page.
import { getFragment } from '../api/client.ts';
import { fetchOutlines } from '../api/outlines.ts';
import type { NearMap } from '../map/near-map.ts';
import { Announcer } from '../panels/announcer.ts';
import { fillForm, followForm, readAddress, renewForm } from '../panels/layers-form.ts';
import { copyCard, followRows, markRow, readPlaces } from '../panels/near-list.ts';
import { keepPlace } from '../panels/where-form.ts';
import { readMapWords } from '../state/map-words.ts';
import { fill } from '../state/words.ts';
import { startWhere } from './where.ts';

const FRAGMENT = 'near';
const WIDE = '(width >= 960px)';

export function startNear(root: HTMLElement): void {
  new NearPage(root).start();
}

type Step = 'push' | 'none';

class NearPage {
  readonly #root: HTMLElement;
  readonly #says: Announcer;
  #result: HTMLElement;
  #frame: HTMLElement | null;
  #map: NearMap | null = null;
  #asking: AbortController | null = null;
  #shown = location.pathname + location.search;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#result = find(root, '[data-near-result]');
    this.#frame = root.querySelector('[data-near-map]');
    this.#says = new Announcer(root.querySelector('[data-near-says]'));
  }

  start(): void {
    const form = this.#form;
    followForm(form, () => {
      void this.#go(readAddress(form), 'push');
    });
    addEventListener('popstate', () => {
      if (location.pathname + location.search === this.#shown) return;
      fillForm(form, new URLSearchParams(location.search));
      void this.#go(new URL(location.href), 'none');
    });
    followRows(this.#root, (id) => {
      this.#choose(id);
    });
    this.#offerTools();
    void this.#startMap();
  }

  get #form(): HTMLFormElement {
    const form = this.#root.querySelector<HTMLFormElement>('[data-near-form]');
    if (form === null) throw new Error('The page has no form');
    return form;
  }

  async #go(address: URL, step: Step, isStaying = false): Promise<boolean> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const { text } = await getFragment(address.pathname + address.search, FRAGMENT, asking.signal);
      if (asking.signal.aborted) return false;
      if (step === 'push') history.pushState(null, '', address.pathname + address.search);
      this.#shown = address.pathname + address.search;
      this.#swap(new DOMParser().parseFromString(text, 'text/html'), isStaying);
      return true;
    } catch {
      if (asking.signal.aborted) return false;
      // What cannot be shown in part is a whole page: one that says what is wrong.
      location.assign(address);
      return false;
    }
  }

  #swap(page: Document, isStaying: boolean): void {
    const renewed = find(page, '[data-near-result]');
    const form = page.querySelector<HTMLFormElement>('[data-near-form]');
    find(this.#root, '[data-near-title]').textContent = find(page, '[data-near-title]').textContent;
    if (form !== null) renewForm(this.#form, form);
    startWhere(this.#root);
    const place = renewed.querySelector<HTMLElement>('[data-near-map]');
    if (place !== null && this.#frame !== null) {
      for (const [name, value] of Object.entries(place.dataset)) this.#frame.dataset[name] = value;
      if (place.dataset['lon'] === undefined) delete this.#frame.dataset['lon'];
      place.replaceWith(this.#frame);
    } else if (place !== null) this.#frame = place;
    this.#result.replaceWith(renewed);
    this.#result = renewed;
    document.title = `${(renewed.dataset['title'] ?? '').trim()} - Hereabouts`;
    this.#offerTools();
    this.#says.say(renewed.querySelector<HTMLElement>('[data-says]')?.dataset['says'] ?? document.title);
    if (this.#map === null) void this.#startMap();
    else this.#showRows(isStaying);
  }

  async #startMap(): Promise<void> {
    const frame = this.#frame;
    if (frame === null || this.#map !== null) return;
    const { basemap = '', basemapAttribution = '', ring = '', publishing = '' } = frame.dataset;
    const { NearMap: Map } = await import('../map/near-map.ts');
    const button = makeSearchButton(frame, () => {
      void this.#searchHere();
    });
    this.#map = new Map(frame, {
      words: readMapWords(frame),
      basemap: { tiles: basemap, attribution: basemapAttribution },
      sayRing: (minutes) => fill(ring, { count: String(minutes) }),
      fetchGround: async () =>
        publishing === '' ? null : fetchOutlines(`/api/v1/areas/outlines?type=${encodeURIComponent(publishing)}`),
      onPoint: (id) => {
        if (id !== null) this.#choose(id);
      },
      onChoose: (id) => {
        this.#open(id);
      },
      onMoved: () => {
        button.hidden = false;
      },
    });
    frame.querySelector('[data-still]')?.remove();
    frame.querySelector('[data-map-sentence]')?.remove();
    this.#showRows(false);
  }

  #showRows(isStaying: boolean): void {
    const { lon, lat } = this.#frame?.dataset ?? {};
    const here = lon === undefined ? null : { lon: Number(lon), lat: Number(lat) };
    this.#map?.show({ places: readPlaces(this.#result), here }, isStaying);
    const button = this.#frame?.querySelector<HTMLElement>('[data-search-here]');
    if (button) button.hidden = true;
  }

  #choose(id: string | null): void {
    markRow(this.#result, id);
    this.#map?.choose(id);
  }

  /** Bring the row of a sign that was pressed into view; where the list is hidden, show it there. */
  #open(id: string): void {
    this.#choose(id);
    const row = markRow(this.#result, id);
    if (matchMedia(WIDE).matches) {
      row?.scrollIntoView({ block: 'nearest' });
      this.#says.say(row?.querySelector('h3')?.textContent ?? '');
      return;
    }
    const copy = copyCard(this.#result, id);
    const side = this.#frame?.parentElement;
    if (copy === null || side === null || side === undefined) return;
    side.querySelector('[data-pressed]')?.remove();
    copy.className = 'ha-pressed';
    copy.dataset['pressed'] = '';
    this.#frame?.after(copy);
  }

  async #searchHere(): Promise<void> {
    const form = this.#form;
    const near = new FormData(form);
    const { box } = this.#map ?? {};
    if (box === undefined) return;
    const place = near.get('place');
    const point = near.get('near');
    keepPlace(form, 'bbox', box);
    if (typeof place === 'string') addHidden(form, 'place', place);
    if (typeof point === 'string') addHidden(form, 'near', point);
    if (await this.#go(readAddress(form), 'push', true)) this.#map?.focus();
  }

  #offerTools(): void {
    const print = this.#result.querySelector<HTMLButtonElement>('[data-print]');
    if (print !== null) {
      print.hidden = false;
      print.addEventListener('click', () => {
        window.print();
      });
    }
    const share = this.#result.querySelector<HTMLButtonElement>('[data-share]');
    if (share === null || !('clipboard' in navigator || 'share' in navigator)) return;
    share.hidden = false;
    share.addEventListener('click', () => {
      void this.#share(share.dataset['shared'] ?? '');
    });
  }

  async #share(says: string): Promise<void> {
    const what = { title: document.title, url: location.href };
    try {
      if ('share' in navigator && navigator.canShare(what)) await navigator.share(what);
      else {
        await navigator.clipboard.writeText(location.href);
        this.#says.say(says);
        const told = this.#result.querySelector('[data-share]');
        if (told !== null) told.textContent = says;
      }
    } catch {
      // Whoever closes the list of programs to send it with has changed their mind.
    }
  }
}

function makeSearchButton(frame: HTMLElement, act: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'ha-map__search';
  button.dataset['searchHere'] = '';
  button.textContent = frame.dataset['search'] ?? '';
  button.hidden = true;
  button.addEventListener('click', act);
  frame.append(button);
  return button;
}

function addHidden(form: HTMLFormElement, name: string, value: string): void {
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = name;
  field.value = value;
  form.append(field);
}

function find(root: ParentNode, selector: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`The page has no ${selector}`);
  return found;
}
