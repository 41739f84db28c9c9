// The questions by which something is added: hints while typing, and a point on a map. Every page
// works without this.
import { fetchOutlines } from '../api/outlines.ts';
import { nameArea } from '../api/area-at.ts';
import type { PinMap, PinWords, Place } from '../map/pin-map.ts';
import { AddingPart } from '../panels/adding-part.ts';
import { Announcer } from '../panels/announcer.ts';

const ALIKE_FIELDS = ['name', 'postcode', 'where', 'lat', 'lon'];
const PREVIEW_FIELDS = ['phone', 'email', 'web', 'private', 'visibility', 'findable', 'organisation'];
/** What a search finds while somebody types, by what the server calls it. */
const FOUND_FIELDS: Readonly<Record<string, readonly string[]>> = {
  listed: ['place_words', 'place_near'],
  areas: ['area_words'],
};
const DIGITS = 5;

/** Bring the form of a question to life. */
export function startAdding(form: HTMLFormElement): void {
  const announcer = new Announcer(form.querySelector('[data-announce]'));
  const onNews = (sentence: string): void => {
    announcer.say(sentence);
  };
  const alike = form.querySelector<HTMLElement>('[data-alike]');
  let part: AddingPart | null = null;
  if (alike !== null) {
    part = new AddingPart({ name: 'alike', form, holder: alike, fields: ALIKE_FIELDS, onNews });
  }
  const preview = form.querySelector<HTMLElement>('[data-preview]');
  if (preview !== null) {
    new AddingPart({ name: 'seen', form, holder: preview, fields: PREVIEW_FIELDS, onNews });
  }
  for (const holder of form.querySelectorAll<HTMLElement>('[data-found]')) {
    const name = holder.dataset['found'] ?? '';
    new AddingPart({ name, form, holder, fields: FOUND_FIELDS[name] ?? [], onNews });
  }
  const pin = form.querySelector<HTMLElement>('[data-pin]');
  if (pin !== null) {
    whenSeen(pin, () => {
      void startPin(form, pin, () => part?.askSoon());
    });
  }
}

/** Load the map only once somebody wants to point on it. */
function whenSeen(element: HTMLElement, act: () => void): void {
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    act();
  });
  watcher.observe(element);
}

async function startPin(form: HTMLFormElement, holder: HTMLElement, onMoved: () => void): Promise<void> {
  const fields = { lat: field(form, 'lat'), lon: field(form, 'lon') };
  const says = form.querySelector<HTMLElement>('[data-pin-says]');
  const words = JSON.parse(holder.dataset['words'] ?? '{}') as PinWords;
  const tell = teller(holder, says);
  try {
    const [{ PinMap }, outlines] = await Promise.all([
      import('../map/pin-map.ts'),
      fetchOutlines(holder.dataset['outlines'] ?? ''),
    ]);
    const frame = holder.appendChild(document.createElement('div'));
    frame.className = 'ha-map ha-pin__map';
    const map = new PinMap(frame, {
      words,
      outlines,
      basemap: {
        tiles: holder.dataset['basemap'] ?? '',
        attribution: holder.dataset['basemapAttribution'] ?? '',
      },
      onMove: (place) => {
        fields.lat.value = place.lat.toFixed(DIGITS);
        fields.lon.value = place.lon.toFixed(DIGITS);
        tell(place);
        onMoved();
      },
    });
    addPushes(holder, map, words);
    const follow = (): void => {
      const place = readPlace(fields.lat.value, fields.lon.value);
      if (place === null) return;
      map.show(place);
      tell(place);
    };
    fields.lat.addEventListener('change', follow);
    fields.lon.addEventListener('change', follow);
    follow();
  } catch (error) {
    console.info('The map could not be loaded; latitude and longitude can be typed.', error);
  }
}

/** Say in which neighbourhood the pin is, a moment after it stops. */
function teller(holder: HTMLElement, says: HTMLElement | null): (place: Place) => void {
  let asking = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = async ({ lon, lat }: Place, signal: AbortSignal): Promise<void> => {
    if (says === null) return;
    try {
      const name = await nameArea(lon, lat, holder.dataset['kind'] ?? '', signal);
      const { inside, outside } = holder.dataset;
      says.textContent = (name === null ? outside : inside?.replace('{name}', name)) ?? '';
      says.classList.toggle('govuk-error-message', name === null);
    } catch {
      if (!signal.aborted) says.textContent = holder.dataset['unknown'] ?? '';
    }
  };
  return (place) => {
    clearTimeout(timer);
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    timer = setTimeout(() => {
      void say(place, signal);
    }, 300);
  };
}

function addPushes(holder: HTMLElement, map: PinMap, words: PinWords): void {
  const row = document.createElement('div');
  row.className = 'ha-pin__pushes';
  const ways = [
    ['↑', words.north, 0, -1],
    ['↓', words.south, 0, 1],
    ['←', words.west, -1, 0],
    ['→', words.east, 1, 0],
  ] as const;
  for (const [sign, name, east, south] of ways) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'govuk-button govuk-button--secondary';
    button.textContent = sign;
    button.setAttribute('aria-label', name);
    button.title = name;
    button.addEventListener('click', () => {
      map.push(east, south);
    });
    row.append(button);
  }
  holder.append(row);
}

function readPlace(lat: string, lon: string): Place | null {
  const place = { lat: Number(lat.replace(',', '.')), lon: Number(lon.replace(',', '.')) };
  const isTyped = lat.trim() !== '' && lon.trim() !== '';
  return isTyped && Math.abs(place.lat) <= 90 && Math.abs(place.lon) <= 180 ? place : null;
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  const found = form.elements.namedItem(name);
  if (!(found instanceof HTMLInputElement)) throw new Error(`The form has no ${name}`);
  return found;
}
