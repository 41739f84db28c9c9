// The moving map: outlines over the server's own drawing of the districts, and nothing fetched
// from elsewhere.
import * as L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import type { AreaFeature, Outlines } from '../api/outlines.ts';
import type { SelectionState } from '../state/selection.ts';
import type { Words } from '../state/words.ts';
import { DistrictLayer } from './district-layer.ts';
import { addZoomButtons } from './zoom-buttons.ts';

const ON = 'is-on';
const CHOSEN = 'is-chosen';
const FOUND = 'is-found';
const EDGE_PX = 12;
const ZOOMS_IN = 4;
const ZOOMS_IN_MANY = 5.5;
const MANY = 500;
const LEGIBLE_ZOOMS = 2.5;
const LARGEST_ZOOM = 24;

export interface TownMapOptions {
  readonly words: Words;
  readonly onPoint: (code: string | null) => void;
  readonly onChoose: (code: string) => void;
}

export class TownMap {
  readonly #map: L.Map;
  readonly #bounds: L.LatLngBounds;
  readonly #areas = new Map<string, L.Path>();
  readonly #districts: DistrictLayer;
  // One for all areas: a tooltip bound to each would make each a stop for the Tab key.
  readonly #tip = L.tooltip({ direction: 'top', offset: [0, -8], className: 'ha-tip' });
  readonly #options: TownMapOptions;
  #homeZoom = 0;
  #isHome = true;

  constructor(frame: HTMLElement, outlines: Outlines, options: TownMapOptions) {
    this.#options = options;
    const drawing = frame.querySelector<SVGSVGElement>('[data-drawing]');
    const holder = document.createElement('div');
    holder.className = 'ha-map__leaflet';
    holder.setAttribute('role', 'group');
    holder.setAttribute('aria-label', frame.dataset['label'] ?? '');
    frame.append(holder);
    this.#map = L.map(holder, chooseOptions());
    const layer = L.geoJSON(outlines, {
      style: { className: 'ha-area' },
      onEachFeature: (feature: AreaFeature, each) => {
        if (each instanceof L.Path) this.#prepare(feature, each);
      },
    });
    this.#bounds = layer.getBounds();
    this.#goHome();
    layer.addTo(this.#map);
    addZoomButtons(this.#map, frame, options.words);
    this.#districts = new DistrictLayer(this.#map, drawing);
    this.#map.on('zoomend', () => {
      this.#onZoom();
    });
    frame.classList.add('is-live');
    this.#keepFitting(holder);
  }

  /** Show which area is pointed at and which is chosen. */
  show({ highlighted, chosen, origin }: SelectionState): void {
    for (const [code, path] of this.#areas) {
      const element = path.getElement();
      element?.classList.toggle(ON, code === highlighted);
      element?.classList.toggle(CHOSEN, code === chosen);
    }
    for (const code of [chosen, highlighted]) {
      if (code !== null) this.#areas.get(code)?.bringToFront();
    }
    this.#districts.show(highlighted, chosen);
    if (chosen !== null && origin !== 'map') this.#bringIntoView(chosen);
  }

  /** Let these areas stand out from the others; null lets none. */
  showFound(codes: ReadonlySet<string> | null): void {
    for (const [code, path] of this.#areas) {
      path.getElement()?.classList.toggle(FOUND, codes?.has(code) ?? false);
    }
  }

  #prepare({ properties: { code, name } }: AreaFeature, path: L.Path): void {
    this.#areas.set(code, path);
    path.on({
      mouseover: (event) => {
        this.#tip.setContent(writeText(name)).setLatLng(event.latlng).addTo(this.#map);
        this.#options.onPoint(code);
      },
      mousemove: (event) => {
        this.#tip.setLatLng(event.latlng);
      },
      mouseout: () => {
        this.#tip.remove();
        this.#options.onPoint(null);
      },
      click: () => {
        this.#options.onChoose(code);
      },
    });
  }

  #bringIntoView(code: string): void {
    const path = this.#areas.get(code);
    if (!(path instanceof L.Polygon)) return;
    const bounds = path.getBounds();
    if (this.#areas.size > MANY && this.#map.getZoom() < this.#homeZoom + LEGIBLE_ZOOMS) {
      // One of so many is a speck from afar.
      this.#map.fitBounds(bounds.pad(2), { maxZoom: this.#homeZoom + LEGIBLE_ZOOMS + 1 });
      return;
    }
    if (this.#isHome) return;
    if (!this.#map.getBounds().contains(bounds)) this.#map.panTo(bounds.getCenter());
  }

  #goHome(): void {
    const padding = L.point(EDGE_PX, EDGE_PX);
    // The limits of the former size would be applied to the new one.
    this.#map.setMinZoom(0);
    this.#map.setMaxZoom(LARGEST_ZOOM);
    this.#homeZoom = this.#map.getBoundsZoom(this.#bounds, false, padding.multiplyBy(2));
    this.#map.setMinZoom(this.#homeZoom);
    this.#map.setMaxZoom(this.#homeZoom + (this.#areas.size > MANY ? ZOOMS_IN_MANY : ZOOMS_IN));
    this.#map.setMaxBounds(this.#bounds.pad(0.2));
    this.#map.setView(this.#bounds.getCenter(), this.#homeZoom, { animate: false });
    this.#settle();
  }

  #onZoom(): void {
    if (!this.#isHome && this.#map.getZoom() <= this.#homeZoom) {
      this.#map.setView(this.#bounds.getCenter(), this.#homeZoom, { animate: false });
    }
    this.#settle();
  }

  /** While the whole place is in view, a finger on the map scrolls the page, as elsewhere. */
  #settle(): void {
    this.#isHome = this.#map.getZoom() <= this.#homeZoom;
    if (this.#isHome) this.#map.dragging.disable();
    else this.#map.dragging.enable();
  }

  #keepFitting(holder: HTMLElement): void {
    let waiting = 0;
    new ResizeObserver(() => {
      // In the next frame, because changing sizes inside the notice would raise it again.
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        if (holder.clientWidth === 0) return;
        this.#map.invalidateSize({ animate: false, pan: false });
        if (this.#isHome) this.#goHome();
      });
    }).observe(holder);
  }
}

/** Return `text` as an element, because Leaflet reads plain text as HTML. */
function writeText(text: string): HTMLElement {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}

function chooseOptions(): L.MapOptions {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return {
    attributionControl: false,
    zoomControl: false,
    // The wheel belongs to the page; buttons, keys, double click and two fingers change the size.
    scrollWheelZoom: false,
    zoomSnap: 0,
    maxBoundsViscosity: 1,
    zoomAnimation: !isStill,
    fadeAnimation: !isStill,
    markerZoomAnimation: !isStill,
    inertia: !isStill,
  };
}
