// Names of areas where no background map says them, each where nothing else stands.
import * as L from 'leaflet';
import type { Outlines } from '../api/outlines.ts';
import { PANES } from './map-options.ts';

const NAMED_ZOOM = 12;
const FOOT_PX = 36;
const NAME_GAP_PX = 6;
/** How far a name may step aside, down or up, from what stands in its place. */
const STEPS_ASIDE_PX = [0, 26, -26, 46, -46];

/** Put the name of every area in its middle. */
export function addNames(map: L.Map, outlines: Outlines): void {
  for (const feature of outlines.features) {
    const place = L.geoJSON(feature).getBounds().getCenter();
    const name = document.createElement('span');
    name.textContent = feature.properties.name;
    const icon = L.divIcon({ className: 'ha-map__name ha-map__name--near', html: name, iconSize: [0, 0] });
    L.marker(place, { icon, interactive: false, keyboard: false, pane: PANES.areas.name }).addTo(map);
  }
}

/** Show the names that are whole and lie over nothing that is to be seen; none from afar. */
export function settleNames(map: L.Map, others: string): void {
  const container = map.getContainer();
  const isFar = map.getZoom() < NAMED_ZOOM;
  container.classList.toggle('is-far', isFar);
  if (isFar) return;
  const frame = container.getBoundingClientRect();
  const taken = [...container.querySelectorAll(others)].map((each) => each.getBoundingClientRect());
  for (const name of container.querySelectorAll<HTMLElement>('.ha-map__name--near > span')) {
    name.style.marginBlockStart = '';
    const { left, top, width, height } = name.getBoundingClientRect();
    const step = STEPS_ASIDE_PX.find((each) => {
      const box = new DOMRect(left, top + each, width, height);
      return isWhole(box, frame) && taken.every((other) => isApart(box, other));
    });
    name.classList.toggle('has-no-room', step === undefined);
    if (step === undefined) continue;
    name.style.marginBlockStart = `${String(step)}px`;
    taken.push(new DOMRect(left, top + step, width, height));
  }
}

function isWhole(box: DOMRect, frame: DOMRect): boolean {
  return (
    box.left > frame.left &&
    box.right < frame.right &&
    box.top > frame.top &&
    box.bottom < frame.bottom - FOOT_PX
  );
}

function isApart(one: DOMRect, other: DOMRect): boolean {
  return (
    one.left > other.right + NAME_GAP_PX ||
    other.left > one.right + NAME_GAP_PX ||
    one.top > other.bottom ||
    other.top > one.bottom
  );
}
