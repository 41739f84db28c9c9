// The server's drawing, laid on the map where it belongs: what lies beneath the areas, and the
// districts' edges and names above them.
import * as L from 'leaflet';

const PANE = 'districts';
const PANE_LEVEL = '450';
const BACKDROP_PANE = 'backdrop';
const BACKDROP_LEVEL = '250';
const ON = 'is-on';
const CHOSEN = 'is-chosen';
const NO_ROOM = 'has-no-room';
const LARGER = 'is-larger';
const FAR = 'is-far';
const GAP_PX = 3;
const NARROW_GAP_PX = 9;
const NARROW_PX = 520;
const FAR_ZOOMS = 1.2;

export class DistrictLayer {
  readonly #map: L.Map;
  readonly #paths: readonly SVGPathElement[];
  readonly #names: readonly HTMLElement[];
  // Where larger areas are named too, from afar only they are.
  readonly #hasLarger: boolean;

  constructor(map: L.Map, drawing: SVGSVGElement | null) {
    this.#map = map;
    const pane = map.createPane(PANE);
    // Above the areas, below what is said about them.
    pane.style.zIndex = PANE_LEVEL;
    if (drawing !== null) layBackdrop(map, drawing);
    this.#paths = drawing === null ? [] : [...drawing.querySelectorAll('path')];
    this.#names = drawing === null ? [] : this.#addNames(drawing);
    this.#hasLarger = this.#names.some((name) => name.classList.contains(LARGER));
    if (drawing !== null) L.svgOverlay(drawing, readBounds(drawing), { pane: PANE }).addTo(map);
    map.on('zoomend resize', () => {
      this.#makeRoom();
    });
    this.#makeRoom();
  }

  /** Show which district is pointed at and which is chosen. */
  show(highlighted: string | null, chosen: string | null): void {
    for (const path of this.#paths) {
      path.classList.toggle(ON, path.dataset['code'] === highlighted);
      path.classList.toggle(CHOSEN, path.dataset['code'] === chosen);
    }
  }

  #addNames(drawing: SVGSVGElement): HTMLElement[] {
    return [...drawing.querySelectorAll('text')].map((text) => {
      const name = document.createElement('span');
      name.classList.toggle(LARGER, text.dataset['larger'] !== undefined);
      for (const line of text.querySelectorAll('tspan')) {
        const part = document.createElement('span');
        part.textContent = line.textContent;
        name.append(part);
      }
      const place: L.LatLngTuple = [Number(text.dataset['lat']), Number(text.dataset['lon'])];
      const icon = L.divIcon({ className: 'ha-map__name', html: name, iconSize: [0, 0] });
      L.marker(place, { icon, interactive: false, keyboard: false }).addTo(this.#map);
      return name;
    });
  }

  /** Hide names that would leave the frame or lie near one before them: most people first. */
  #makeRoom(): void {
    const container = this.#map.getContainer();
    const isFar = this.#hasLarger && this.#map.getZoom() - this.#map.getMinZoom() < FAR_ZOOMS;
    container.classList.toggle(FAR, isFar);
    const frame = container.getBoundingClientRect();
    const gap = frame.width < NARROW_PX ? NARROW_GAP_PX : GAP_PX;
    const buttons = container.parentElement?.querySelector('[data-map-buttons]');
    const kept: DOMRect[] = buttons ? [buttons.getBoundingClientRect()] : [];
    for (const name of this.#names) {
      const box = name.getBoundingClientRect();
      const isWhole = box.left >= frame.left && box.right <= frame.right;
      const isWanted = !isFar || name.classList.contains(LARGER);
      const isFree = isWanted && isWhole && !kept.some((other) => isNear(box, other, gap));
      name.classList.toggle(NO_ROOM, !isFree);
      if (isFree) kept.push(box);
    }
  }
}

/** Move what lies beneath the areas out of the drawing, into a pane below them. */
function layBackdrop(map: L.Map, drawing: SVGSVGElement): void {
  const backdrop = drawing.querySelector('[data-backdrop]');
  if (backdrop === null) return;
  map.createPane(BACKDROP_PANE).style.zIndex = BACKDROP_LEVEL;
  const below = drawing.cloneNode(false) as SVGSVGElement;
  below.append(backdrop);
  L.svgOverlay(below, readBounds(drawing), { pane: BACKDROP_PANE }).addTo(map);
}

function readBounds(drawing: SVGSVGElement): L.LatLngBounds {
  const { south, west, north, east } = drawing.dataset;
  return L.latLngBounds([Number(south), Number(west)], [Number(north), Number(east)]);
}

function isNear(one: DOMRect, other: DOMRect, gap: number): boolean {
  const isBeside = one.left > other.right + gap || other.left > one.right + gap;
  const isAbove = one.top > other.bottom + gap || other.top > one.bottom + gap;
  return !isBeside && !isAbove;
}
