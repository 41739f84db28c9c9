// Pins of what is tried: a new site is put on the map, and pins are moved by dragging or arrow keys.
import * as L from 'leaflet';
import type { Place } from '../state/changes.ts';
import type { MapWords } from '../state/map-words.ts';

const STEP_PX = 12;
/** After the last of several arrow keys; each of them would ask the server otherwise. */
const PAUSE_MS = 500;
const SHAPE = 'M0 0C-3 -8 -12 -13 -12 -23A12 12 0 1 1 12 -23C12 -13 3 -8 0 0Z';
const WAYS: Readonly<Partial<Record<string, readonly [number, number]>>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

export interface TrialPin extends Place {
  readonly number: number;
  readonly kind: string;
  /** What it stands for, in words. */
  readonly words: string;
}

export interface TrialPinsOptions {
  readonly words: MapWords;
  readonly onAdd: (place: Place) => void;
  readonly onMove: (number: number, place: Place) => void;
  readonly onSay: (sentence: string) => void;
}

export class TrialPins {
  readonly #map: L.Map;
  readonly #frame: HTMLElement;
  readonly #options: TrialPinsOptions;
  readonly #way = document.createElement('button');
  readonly #hint = document.createElement('p');
  readonly #markers = new Map<string, L.Marker>();
  #isFull = false;
  #pushed: ReturnType<typeof setTimeout> | undefined;

  constructor(map: L.Map, frame: HTMLElement, options: TrialPinsOptions) {
    this.#map = map;
    this.#frame = frame;
    this.#options = options;
    const holder = document.createElement('div');
    holder.className = 'ha-trial';
    this.#way.type = 'button';
    this.#way.className = 'ha-trial__way';
    this.#way.textContent = options.words('tryHere');
    this.#way.setAttribute('aria-pressed', 'false');
    this.#way.addEventListener('click', () => {
      this.#setPlacing(!this.#isPlacing);
    });
    this.#hint.className = 'ha-trial__hint';
    this.#hint.textContent = options.words('tryHint');
    this.#hint.hidden = true;
    holder.append(this.#way, this.#hint);
    frame.append(holder);
    this.#listen();
  }

  /** Show these pins and no others; those that stay keep the focus. */
  show(pins: readonly TrialPin[], isFull: boolean): void {
    this.#isFull = isFull;
    this.#way.hidden = isFull;
    const keys = new Set(pins.map(nameKey));
    for (const [key, marker] of this.#markers) {
      if (keys.has(key)) continue;
      marker.remove();
      this.#markers.delete(key);
    }
    for (const pin of pins) {
      const key = nameKey(pin);
      const marker = this.#markers.get(key) ?? this.#addMarker(key, pin);
      marker.setLatLng([pin.lat, pin.lon]);
      marker.getElement()?.setAttribute('aria-label', this.#describe(pin));
    }
  }

  get #isPlacing(): boolean {
    return this.#way.getAttribute('aria-pressed') === 'true';
  }

  #setPlacing(isPlacing: boolean): void {
    this.#way.setAttribute('aria-pressed', String(isPlacing));
    this.#hint.hidden = !isPlacing;
    this.#frame.classList.toggle('is-placing', isPlacing);
    if (!isPlacing) return;
    this.#options.onSay(this.#options.words('tryHint'));
    this.#map.getContainer().focus({ preventScroll: true });
  }

  #listen(): void {
    const container = this.#map.getContainer();
    // Before the map itself hears of it: it would choose the area.
    container.addEventListener(
      'click',
      (event) => {
        if (!this.#isPlacing || this.#isFull) return;
        event.stopPropagation();
        this.#put(this.#map.mouseEventToLatLng(event));
      },
      true,
    );
    container.addEventListener('keydown', (event) => {
      if (!this.#isPlacing) return;
      if (event.key === 'Enter') this.#put(this.#map.getCenter());
      else if (event.key === 'Escape') this.#setPlacing(false);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  #put(at: L.LatLng): void {
    this.#setPlacing(false);
    const { lat, lng } = at.wrap();
    this.#options.onAdd({ lon: lng, lat });
  }

  #addMarker(key: string, pin: TrialPin): L.Marker {
    const isMovable = pin.kind === 'add' || pin.kind === 'move';
    const html =
      `<svg viewBox="-14 -38 28 40" aria-hidden="true"><path d="${SHAPE}"/>` +
      `<text y="-18">${String(pin.number)}</text></svg>`;
    const className = `ha-trial-pin ha-trial-pin--${pin.kind}`;
    const icon = L.divIcon({ className, html, iconSize: [32, 46], iconAnchor: [16, 44] });
    const marker = L.marker([pin.lat, pin.lon], { icon, draggable: isMovable, keyboard: true });
    marker.addTo(this.#map);
    this.#markers.set(key, marker);
    if (!isMovable) return marker;
    marker.on('dragend', () => {
      this.#tell(pin.number, marker);
    });
    marker.getElement()?.addEventListener('keydown', (event) => {
      const way = WAYS[event.key];
      if (way === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const from = this.#map.latLngToContainerPoint(marker.getLatLng());
      marker.setLatLng(this.#map.containerPointToLatLng(from.add([way[0] * STEP_PX, way[1] * STEP_PX])));
      clearTimeout(this.#pushed);
      this.#pushed = setTimeout(() => {
        this.#tell(pin.number, marker);
      }, PAUSE_MS);
    });
    return marker;
  }

  #tell(number: number, marker: L.Marker): void {
    const { lat, lng } = marker.getLatLng().wrap();
    this.#options.onMove(number, { lon: lng, lat });
  }

  #describe(pin: TrialPin): string {
    const isMovable = pin.kind === 'add' || pin.kind === 'move';
    const name = isMovable ? 'tryPin' : 'tryPinFixed';
    return this.#options.words(name, { number: String(pin.number), words: pin.words });
  }
}

function nameKey({ number, kind }: TrialPin): string {
  return `${String(number)} ${kind}`;
}
