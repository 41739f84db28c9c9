// A small map with one pin, moved by a click, by dragging, by arrow keys or by buttons.
import * as L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import type { Outlines } from '../api/outlines.ts';
import { addNames, settleNames } from './ground-names.ts';
import { BasemapLayer, writeAttribution } from './layers/basemap-layer.ts';
import { chooseMapOptions, createPanes, LARGEST_ZOOM, PANES } from './map-options.ts';
import { listenToWheel } from './wheel.ts';
import { addZoomButtons } from './zoom-buttons.ts';

const STEP_PX = 12;
const CLOSE_ZOOM = 16;
/** Where names of areas are all that says where one is, some of them are in view. */
const CLOSE_ZOOM_OF_NAMES = 14;
const PIN = 'M0 0C-3 -8 -11 -13 -11 -22A11 11 0 1 1 11 -22C11 -13 3 -8 0 0Z';

export interface Place {
  readonly lon: number;
  readonly lat: number;
}

export interface PinWords {
  readonly map: string;
  readonly pin: string;
  readonly north: string;
  readonly south: string;
  readonly east: string;
  readonly west: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
}

export interface PinMapOptions {
  readonly words: PinWords;
  readonly outlines: Outlines;
  readonly basemap: { readonly tiles: string; readonly attribution: string };
  readonly onMove: (place: Place) => void;
}

export class PinMap {
  readonly #map: L.Map;
  readonly #frame: HTMLElement;
  readonly #options: PinMapOptions;
  #pin: L.Marker | null = null;

  constructor(frame: HTMLElement, options: PinMapOptions) {
    this.#frame = frame;
    this.#options = options;
    const holder = document.createElement('div');
    holder.className = 'ha-map__leaflet';
    holder.setAttribute('role', 'group');
    holder.setAttribute('aria-label', options.words.map);
    frame.append(holder);
    this.#map = L.map(holder, { ...chooseMapOptions(), maxZoom: LARGEST_ZOOM });
    createPanes(this.#map);
    const style = { className: 'ha-pin__area', fill: true, interactive: false };
    const areas = L.geoJSON(options.outlines, { style, pane: PANES.areas.name });
    this.#map.fitBounds(areas.getBounds(), { animate: false });
    areas.addTo(this.#map);
    addNames(this.#map, options.outlines);
    this.#makeRoom();
    this.#map.on('zoomend moveend', () => {
      this.#makeRoom();
    });
    this.#map.on('click', (event) => {
      this.#put(event.latlng, true);
    });
    listenToWheel(this.#map);
    addZoomButtons(this.#map, frame, options.words);
    this.#addBasemap();
    new ResizeObserver(() => {
      this.#map.invalidateSize({ animate: false });
    }).observe(holder);
  }

  /** Show where the pin is to be; nothing is told of it. */
  show(place: Place): void {
    const at = L.latLng(place.lat, place.lon);
    this.#put(at, false);
    const close = this.#frame.classList.contains('has-basemap') ? CLOSE_ZOOM : CLOSE_ZOOM_OF_NAMES;
    this.#map.setView(at, Math.max(this.#map.getZoom(), close), { animate: false });
  }

  /** Move the pin by steps of a few pixels; the first time, to the middle of the map. */
  push(east: number, south: number): void {
    if (this.#pin === null) {
      this.#put(this.#map.getCenter(), true);
      return;
    }
    const from = this.#map.latLngToContainerPoint(this.#pin.getLatLng());
    const to = this.#map.containerPointToLatLng(from.add([east * STEP_PX, south * STEP_PX]));
    this.#put(to, true);
    if (!this.#map.getBounds().pad(-0.1).contains(to)) this.#map.panTo(to);
  }

  #put(at: L.LatLng, isTold: boolean): void {
    if (this.#pin === null) this.#pin = this.#makePin(at);
    else this.#pin.setLatLng(at);
    this.#makeRoom();
    const { lng, lat } = at.wrap();
    if (isTold) this.#options.onMove({ lon: lng, lat });
  }

  #makePin(at: L.LatLng): L.Marker {
    const { words } = this.#options;
    const html = `<svg viewBox="-13 -36 26 38" aria-hidden="true"><path d="${PIN}"/></svg>`;
    const icon = L.divIcon({ className: 'ha-pin__pin', html, iconSize: [32, 46], iconAnchor: [16, 44] });
    const pin = L.marker(at, { icon, draggable: true, keyboard: true, alt: words.pin });
    pin.addTo(this.#map);
    pin.on('dragend', () => {
      this.#put(pin.getLatLng(), true);
    });
    const element = pin.getElement();
    element?.setAttribute('aria-label', words.pin);
    element?.addEventListener('keydown', (event) => {
      const way = WAYS[event.key];
      if (way === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.push(...way);
    });
    return pin;
  }

  #makeRoom(): void {
    settleNames(this.#map, '.ha-pin__pin');
  }

  #addBasemap(): void {
    const { tiles, attribution } = this.#options.basemap;
    if (tiles === '') return;
    const said = writeAttribution(attribution);
    said.hidden = true;
    this.#frame.append(said);
    new BasemapLayer(this.#map, {
      tiles,
      pane: PANES.basemap.name,
      signal: new AbortController().signal,
      onChange: (isThere) => {
        said.hidden = !isThere;
        this.#frame.classList.toggle('has-basemap', isThere);
      },
    });
  }
}

const WAYS: Readonly<Partial<Record<string, readonly [number, number]>>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};
