// A small map of one place on the background map. The server's outline stays until that is there.
import * as L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import type { MapWords } from '../state/map-words.ts';
import { BasemapLayer, writeAttribution } from './layers/basemap-layer.ts';
import { chooseMapOptions, createPanes, PANES } from './map-options.ts';
import { addScaleBar } from './scale-bar.ts';
import { listenToWheel } from './wheel.ts';
import { addZoomButtons } from './zoom-buttons.ts';

const CLOSE_ZOOM = 16;
const EDGE_PX = 40;
const SIGN_PX = 30;
const SVG = 'http://www.w3.org/2000/svg';

/** A sign at its place; the same that the server has drawn. */
export interface Spot {
  readonly lon: number;
  readonly lat: number;
  readonly path: string;
  readonly colour: string;
}

export interface SpotMapOptions {
  readonly words: MapWords;
  readonly label: string;
  readonly tiles: string;
  readonly attribution: string;
}

export class SpotMap {
  readonly #map: L.Map;

  constructor(frame: HTMLElement, spots: readonly Spot[], options: SpotMapOptions) {
    const holder = document.createElement('div');
    holder.className = 'ha-map__leaflet';
    holder.setAttribute('role', 'group');
    holder.setAttribute('aria-label', options.label);
    frame.append(holder);
    this.#map = L.map(holder, { ...chooseMapOptions(), maxZoom: 18, dragging: !L.Browser.mobile });
    createPanes(this.#map);
    const bounds = L.latLngBounds(spots.map(({ lat, lon }) => [lat, lon]));
    this.#map.fitBounds(bounds, { maxZoom: CLOSE_ZOOM, padding: [EDGE_PX, EDGE_PX] });
    for (const spot of spots) this.#mark(spot);
    const { words } = options;
    addZoomButtons(this.#map, frame, { zoomIn: words('zoomIn'), zoomOut: words('zoomOut') });
    addScaleBar(this.#map, frame, words);
    listenToWheel(this.#map);
    const attribution = writeAttribution(options.attribution);
    frame.append(attribution);
    new BasemapLayer(this.#map, {
      tiles: options.tiles,
      pane: PANES.basemap.name,
      signal: new AbortController().signal,
      onChange: (isThere) => {
        frame.classList.toggle('has-basemap', isThere);
        frame.classList.toggle('is-live', isThere);
      },
    });
  }

  #mark({ lat, lon, path, colour }: Spot): void {
    const sign = document.createElementNS(SVG, 'svg');
    sign.setAttribute('viewBox', '-13 -13 26 26');
    sign.setAttribute('aria-hidden', 'true');
    sign.setAttribute('class', 'ha-sign');
    const shape = document.createElementNS(SVG, 'path');
    shape.setAttribute('d', path);
    shape.style.fill = `var(--ha-${colour})`;
    sign.append(shape);
    const holder = document.createElement('div');
    holder.append(sign);
    const icon = L.divIcon({
      className: 'ha-spot__marker',
      html: holder,
      iconSize: [SIGN_PX, SIGN_PX],
    });
    L.marker([lat, lon], { icon, interactive: false, keyboard: false }).addTo(this.#map);
  }
}
