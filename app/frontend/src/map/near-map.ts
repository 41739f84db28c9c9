// The map of what is near: the rows of the list as numbered signs, rings of walking time, and the
// place they are measured from.
import * as L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import type { Outlines } from '../api/outlines.ts';
import type { MapWords } from '../state/map-words.ts';
import { addNames, settleNames } from './ground-names.ts';
import { BasemapLayer, writeAttribution } from './layers/basemap-layer.ts';
import { chooseMapOptions, createPanes, LARGEST_ZOOM, PANES, SMALLEST_ZOOM } from './map-options.ts';
import { addScaleBar } from './scale-bar.ts';
import { spread } from './spreading.ts';
import { listenToWheel } from './wheel.ts';
import { addZoomButtons } from './zoom-buttons.ts';

// 80 metres a minute on foot, streets 1.3 times as long as the straight line.
const STRAIGHT_M_PER_MIN = 80 / 1.3;
const RINGS_MIN = [5, 10, 15];
// Room for signs, and for the buttons that lie over the map.
const PADDING = { paddingTopLeft: L.point(36, 72), paddingBottomRight: L.point(76, 48) };
const NEAREST_ZOOM = 16;
const SIGN_PX = 30;
const SMALLEST_RING_PX = 26;
const CHOSEN = 'is-chosen';

/** One row of the list that has a point. */
export interface NearPlace {
  readonly id: string;
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  readonly sign: Element;
}

export interface NearView {
  readonly places: readonly NearPlace[];
  readonly here: { readonly lon: number; readonly lat: number } | null;
}

export interface NearMapOptions {
  readonly words: MapWords;
  readonly basemap: { readonly tiles: string; readonly attribution: string };
  /** What a ring says; {count} stands in for minutes. */
  readonly sayRing: (minutes: number) => string;
  readonly fetchGround: () => Promise<Outlines | null>;
  readonly onPoint: (id: string | null) => void;
  readonly onChoose: (id: string) => void;
  /** Called when somebody has moved the map. */
  readonly onMoved: () => void;
}

export class NearMap {
  readonly #map: L.Map;
  readonly #options: NearMapOptions;
  readonly #marks = new Map<string, L.Marker>();
  readonly #threads = L.layerGroup();
  /** What rings say, each at its foot or, where a sign stands there, at its head. */
  readonly #rings: { readonly mark: L.Marker; readonly spots: readonly L.LatLng[] }[] = [];
  #places: readonly NearPlace[] = [];
  readonly #rows = L.layerGroup();
  #bounds: L.LatLngBounds | null = null;
  #isOwnMove = false;
  #hasGround = false;

  constructor(frame: HTMLElement, options: NearMapOptions) {
    this.#options = options;
    const holder = document.createElement('div');
    holder.className = 'ha-map__leaflet ha-map__leaflet--near';
    holder.setAttribute('role', 'group');
    holder.setAttribute('aria-label', frame.dataset['label'] ?? '');
    holder.tabIndex = 0;
    frame.append(holder);
    this.#map = L.map(holder, {
      ...chooseMapOptions(),
      minZoom: SMALLEST_ZOOM,
      maxZoom: LARGEST_ZOOM,
      zoomSnap: 0.5,
    });
    createPanes(this.#map);
    // Nothing can be measured or drawn before there is a view; that of the rows comes with them.
    this.#map.setView([0, 0], LARGEST_ZOOM, { animate: false });
    this.#threads.addTo(this.#map);
    this.#rows.addTo(this.#map);
    this.#addControls(frame);
    this.#keepFitting(holder);
    this.#map.on('moveend', () => {
      if (!this.#isOwnMove) options.onMoved();
    });
    this.#map.on('zoomend', () => {
      this.#spread();
      this.#sizeRings();
      this.#settleRings();
    });
    frame.classList.add('is-live');
  }

  /** West, south, east, north of what is in view, in degrees. */
  get box(): string {
    const bounds = this.#map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]
      .map((each) => each.toFixed(5))
      .join(',');
  }

  /** Put the rows of a list on the map; it moves to them unless it is to stay where it is. */
  show(view: NearView, isStaying: boolean): void {
    this.#rows.clearLayers();
    this.#marks.clear();
    this.#rings.length = 0;
    this.#places = view.places;
    if (view.here !== null) this.#addHere(L.latLng(view.here.lat, view.here.lon));
    // The first ones lie on top.
    for (const [number, place] of view.places.entries()) this.#addMark(place, view.places.length - number);
    const points: L.LatLngTuple[] = view.places.map(({ lat, lon }) => [lat, lon]);
    if (view.here !== null) points.push([view.here.lat, view.here.lon]);
    this.#bounds = points.length > 0 ? L.latLngBounds(points) : null;
    if (!isStaying) this.goHome();
    this.#spread();
    this.#sizeRings();
    this.#settleRings();
    this.#makeRoom();
  }

  /** Mark one row; null marks none. */
  choose(id: string | null): void {
    for (const [each, mark] of this.#marks) mark.getElement()?.classList.toggle(CHOSEN, each === id);
    const mark = id === null ? undefined : this.#marks.get(id);
    if (mark !== undefined && !this.#map.getBounds().contains(mark.getLatLng())) {
      this.#move(() => this.#map.panTo(mark.getLatLng(), { animate: false }));
    }
  }

  /** Show all rows. */
  goHome(): void {
    const bounds = this.#bounds;
    if (bounds === null || this.#map.getContainer().clientWidth === 0) return;
    this.#move(() =>
      this.#map.fitBounds(bounds, { ...PADDING, maxZoom: NEAREST_ZOOM, animate: false }),
    );
  }

  focus(): void {
    this.#map.getContainer().focus({ preventScroll: true });
  }

  /** Move signs apart that lie over one another, each on a thread to its place. */
  #spread(): void {
    this.#threads.clearLayers();
    const spots = this.#places.map(({ lat, lon }) => this.#map.latLngToLayerPoint([lat, lon]));
    for (const [number, spot] of spread(spots, SIGN_PX).entries()) {
      const place = this.#places[number];
      if (place === undefined) continue;
      const shown = this.#map.layerPointToLatLng(L.point(spot.x, spot.y));
      const own = L.latLng(place.lat, place.lon);
      const isMoved = spots[number]?.distanceTo(L.point(spot.x, spot.y)) !== 0;
      this.#marks.get(place.id)?.setLatLng(isMoved ? shown : own);
      if (isMoved) {
        L.polyline([own, shown], { className: 'ha-thread', interactive: false }).addTo(this.#threads);
      }
    }
  }

  #move(act: () => void): void {
    this.#isOwnMove = true;
    act();
    this.#isOwnMove = false;
  }

  #addMark({ id, name, lon, lat, sign }: NearPlace, level: number): void {
    const shown = sign.cloneNode(true) as HTMLElement;
    const icon = L.divIcon({ className: 'ha-pin', html: shown, iconSize: [SIGN_PX, SIGN_PX] });
    const mark = L.marker([lat, lon], { icon, zIndexOffset: level, riseOnHover: true });
    mark.addTo(this.#rows);
    mark.getElement()?.setAttribute('aria-label', `${id}. ${name}`);
    mark.on({
      mouseover: () => {
        this.#options.onPoint(id);
      },
      mouseout: () => {
        this.#options.onPoint(null);
      },
      click: () => {
        this.#options.onChoose(id);
      },
    });
    // It says that it is a button, so it takes the keys of one.
    mark.getElement()?.addEventListener('keydown', (event) => {
      if (event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault();
      this.#options.onChoose(id);
    });
    this.#marks.set(id, mark);
  }

  #addHere(place: L.LatLng): void {
    for (const minutes of RINGS_MIN) {
      const radius = minutes * STRAIGHT_M_PER_MIN;
      const ring = L.circle(place, { radius, className: 'ha-ring', interactive: false });
      ring.addTo(this.#rows);
      const label = document.createElement('span');
      label.textContent = this.#options.sayRing(minutes);
      const icon = L.divIcon({ className: 'ha-ring__label', html: label, iconSize: [0, 0] });
      const around = ring.getBounds();
      const spots = [around.getSouth(), around.getNorth()].map((lat) => L.latLng(lat, place.lng));
      const mark = L.marker(spots[0] ?? place, { icon, interactive: false, keyboard: false, zIndexOffset: -500 });
      mark.addTo(this.#rows);
      this.#rings.push({ mark, spots });
    }
    for (const [className, radius] of [['ha-you__halo', 13], ['ha-you__dot', 7]] as const) {
      L.circleMarker(place, { className, radius, interactive: false }).addTo(this.#rows);
    }
  }

  #addControls(frame: HTMLElement): void {
    const { words, basemap } = this.#options;
    const whole = {
      name: words('wholePlace'),
      show: () => {
        this.goHome();
      },
    };
    addZoomButtons(this.#map, frame, { zoomIn: words('zoomIn'), zoomOut: words('zoomOut') }, whole);
    addScaleBar(this.#map, frame, words);
    listenToWheel(this.#map);
    if (basemap.tiles === '') {
      void this.#addGround();
      return;
    }
    const attribution = writeAttribution(basemap.attribution);
    frame.append(attribution);
    new BasemapLayer(this.#map, {
      tiles: basemap.tiles,
      pane: PANES.basemap.name,
      signal: new AbortController().signal,
      onChange: (isThere) => {
        frame.classList.toggle('has-basemap', isThere);
        attribution.hidden = !isThere;
        if (!isThere) void this.#addGround();
      },
    });
  }

  /** Where no background map can be had, outlines and names carry the places. */
  async #addGround(): Promise<void> {
    if (this.#hasGround) return;
    this.#hasGround = true;
    const outlines = await this.#options.fetchGround().catch(() => null);
    if (outlines === null) return;
    const layer = L.geoJSON(outlines, {
      pane: PANES.areas.name,
      interactive: false,
      style: { className: 'ha-near__ground' },
    });
    layer.addTo(this.#map);
    addNames(this.#map, outlines);
    this.#makeRoom();
    this.#map.on('zoomend moveend', () => {
      this.#makeRoom();
    });
  }

  /** Put what a ring says where no sign hides it. */
  #settleRings(): void {
    const signs = [...this.#marks.values()].map((mark) => this.#map.latLngToLayerPoint(mark.getLatLng()));
    for (const { mark, spots } of this.#rings) {
      const room = mark.getElement()?.querySelector('span')?.getBoundingClientRect();
      if (room === undefined) continue;
      const free = spots.find((spot) => {
        const { x, y } = this.#map.latLngToLayerPoint(spot);
        const reach = { x: (room.width + SIGN_PX) / 2, y: (room.height + SIGN_PX) / 2 };
        return signs.every((sign) => Math.abs(sign.x - x) > reach.x || Math.abs(sign.y - y) > reach.y);
      });
      mark.setLatLng(free ?? spots[0] ?? mark.getLatLng());
    }
  }

  #makeRoom(): void {
    if (this.#hasGround) settleNames(this.#map, '.ha-pin, .ha-ring__label > span');
  }

  /** Rings that have become too small to tell apart are not shown. */
  #sizeRings(): void {
    const { lat } = this.#map.getCenter();
    const metresPerPx = (156_543 * Math.cos((lat * Math.PI) / 180)) / 2 ** this.#map.getZoom();
    const isTiny = (5 * STRAIGHT_M_PER_MIN) / metresPerPx < SMALLEST_RING_PX;
    this.#map.getContainer().classList.toggle('has-tiny-rings', isTiny);
  }

  #keepFitting(holder: HTMLElement): void {
    let waiting = 0;
    new ResizeObserver(() => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        if (holder.clientWidth === 0) return;
        this.#move(() => this.#map.invalidateSize({ animate: false, pan: false }));
        this.goHome();
      });
    }).observe(holder);
  }
}
