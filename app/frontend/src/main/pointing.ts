// A point on the ground, typed or put on a map: the map writes what it is told into the fields.
import { fetchOutlines } from '../api/outlines.ts';
import { nameArea } from '../api/area-at.ts';
import type { PinMap, PinWords, Place } from '../map/pin-map.ts';

const DIGITS = 5;

/** The fields that hold a point: one for latitude and one for longitude, or one for both. */
interface PointFields {
  readonly fields: readonly HTMLInputElement[];
  readonly read: () => readonly [string, string];
  readonly write: (lat: string, lon: string) => void;
}

/** Bring the map of a form to life, where it has one, once somebody comes to it. */
export function startPointing(form: HTMLFormElement, onMoved: () => void = () => undefined): void {
  const pin = form.querySelector<HTMLElement>('[data-pin]');
  if (pin === null) return;
  whenSeen(pin, () => {
    void startPin(form, pin, onMoved);
  });
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
  const point = openPoint(form, holder.dataset['field']);
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
        point.write(place.lat.toFixed(DIGITS), place.lon.toFixed(DIGITS));
        tell(place);
        onMoved();
      },
    });
    addPushes(holder, map, words);
    const follow = (): void => {
      const place = readPlace(...point.read());
      if (place === null) return;
      map.show(place);
      tell(place);
    };
    for (const each of point.fields) each.addEventListener('change', follow);
    follow();
  } catch (error) {
    console.info('The map could not be loaded; latitude and longitude can be typed.', error);
  }
}

function openPoint(form: HTMLFormElement, name: string | undefined): PointFields {
  if (name === undefined) {
    const [lat, lon] = [field(form, 'lat'), field(form, 'lon')];
    return {
      fields: [lat, lon],
      read: () => [lat.value, lon.value],
      write: (north, east) => {
        lat.value = north;
        lon.value = east;
      },
    };
  }
  const both = field(form, name);
  return {
    fields: [both],
    read: () => {
      const [lat = '', lon = ''] = both.value.trim().split(/[,\s]+/u);
      return [lat, lon];
    },
    write: (lat, lon) => {
      both.value = `${lat}, ${lon}`;
    },
  };
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
