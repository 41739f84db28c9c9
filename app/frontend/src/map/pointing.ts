// What the visitor points at and presses: first places, then circles and counts, then areas.
import * as L from 'leaflet';
import type { MapWords } from '../state/map-words.ts';
import type { AreaNames } from './area-names.ts';
import type { AreaLayer } from './layers/area-layer.ts';
import type { AssetLayer, PlacedSign } from './layers/asset-layer.ts';
import type { LabelLayer } from './layers/label-layer.ts';
import type { OrganisationLayer } from './layers/organisation-layer.ts';
import { LARGEST_ZOOM } from './map-options.ts';
import { SIGN_PX } from './merging.ts';
import { PLAIN, type Shading } from './shading.ts';

const CLOSER = 2;

interface AreaAt {
  readonly layer: string;
  readonly gid: number;
}

export interface PointingOptions {
  readonly words: MapWords;
  readonly names: AreaNames;
  readonly areas: AreaLayer;
  readonly assets: AssetLayer;
  readonly organisations: OrganisationLayer;
  readonly labels: LabelLayer;
  /** From a point of the map's frame to one of the canvas of signs. */
  readonly toCanvas: (point: L.Point) => L.Point;
  readonly onPoint: (area: AreaAt | null) => void;
  readonly onChoose: (area: AreaAt | null) => void;
  readonly onOpen: (mapNumbers: readonly number[]) => void;
  readonly redraw: () => void;
}

export class Pointing {
  readonly #map: L.Map;
  readonly #options: PointingOptions;
  readonly #tip = L.tooltip({ direction: 'top', offset: [0, -10], className: 'ha-tip' });
  readonly #number = new Intl.NumberFormat(document.documentElement.lang || undefined);
  #shading: Shading = PLAIN;
  #waiting = 0;
  #last: L.LeafletMouseEvent | null = null;

  constructor(map: L.Map, options: PointingOptions) {
    this.#map = map;
    this.#options = options;
    map.on('mousemove', (event: L.LeafletMouseEvent) => {
      cancelAnimationFrame(this.#waiting);
      this.#waiting = requestAnimationFrame(() => {
        this.#point(event);
      });
    });
    map.on('mouseout', () => {
      cancelAnimationFrame(this.#waiting);
      this.#last = null;
      this.#tip.remove();
      options.onPoint(null);
      if (options.assets.point(null)) options.redraw();
    });
    // What moves away under a resting pointer is pointed at no more.
    map.on('movestart', () => {
      this.#last = null;
      this.#tip.remove();
    });
    map.on('click', (event: L.LeafletMouseEvent) => {
      this.#press(event);
    });
  }

  /** Say something else from now on, also of what is pointed at already. */
  setShading(shading: Shading): void {
    this.#shading = shading;
    if (this.#last !== null) this.#point(this.#last);
  }

  #point(event: L.LeafletMouseEvent): void {
    this.#last = event;
    const { areas, assets, onPoint, redraw } = this.#options;
    const at = this.#options.toCanvas(event.containerPoint);
    const sign = assets.findAt(at);
    const area = sign === null ? areas.findArea(this.#map, event.latlng) : null;
    if (assets.point(sign)) redraw();
    this.#map.getContainer().classList.toggle('is-over-sign', sign !== null);
    onPoint(area);
    const says = this.#describe(at, sign, area);
    if (says === '') this.#tip.remove();
    else this.#tip.setContent(writeText(says)).setLatLng(event.latlng).addTo(this.#map);
  }

  #describe(at: L.Point, placed: PlacedSign | null, area: AreaAt | null): string {
    const { words, organisations, labels } = this.#options;
    if (placed !== null) {
      const { count } = placed.sign;
      return count > 1 ? words('clusterTip', { count: this.#number.format(count) }) : '';
    }
    const circle = organisations.findAt(at);
    if (circle !== null) {
      const values = { name: circle.name, count: this.#number.format(circle.total) };
      return words('organisationTip', values);
    }
    const told = labels.findAt(at);
    if (told !== null) return told.says;
    return area === null ? '' : this.#shading.describe(area.layer, area.gid);
  }

  #press(event: L.LeafletMouseEvent): void {
    const { assets, areas, onChoose, onOpen } = this.#options;
    const placed = assets.findAt(this.#options.toCanvas(event.containerPoint));
    if (placed === null) {
      onChoose(areas.findArea(this.#map, event.latlng));
      return;
    }
    const { sign } = placed;
    if (sign.count === 1) {
      if (sign.ids.length > 0) onOpen(sign.ids);
      else this.#goCloser(sign);
      return;
    }
    // Would they still lie on one another at the largest size? Then coming closer is no help.
    const spread = sign.spread * 2 ** (LARGEST_ZOOM - this.#map.getZoom());
    if (sign.ids.length === sign.count && spread < SIGN_PX) onOpen(sign.ids);
    else this.#goCloser(sign);
  }

  #goCloser({ x, y }: { readonly x: number; readonly y: number }): void {
    const zoom = this.#map.getZoom();
    const place = this.#map.unproject([x, y], zoom);
    this.#map.setView(place, Math.min(LARGEST_ZOOM, zoom + CLOSER));
  }
}

/** Return `text` as an element, because Leaflet reads plain text as HTML. */
function writeText(text: string): HTMLElement {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}
