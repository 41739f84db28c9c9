// How far a kilometre is on the map.
import * as L from 'leaflet';
import type { MapWords } from '../state/map-words.ts';

// The narrowest is two fifths of it, and holds "200 m" without crossing the ends.
const WIDEST_PX = 130;
const STEPS = [1, 2, 5, 10];
const KILOMETRE = 1000;

/** The longest round length, in metres, that is not longer than `metres`. */
export function chooseLength(metres: number): number {
  const ten = 10 ** Math.floor(Math.log10(Math.max(1, metres)));
  return ten * (STEPS.findLast((step) => step * ten <= metres) ?? 1);
}

export function addScaleBar(map: L.Map, frame: HTMLElement, words: MapWords): void {
  const bar = document.createElement('p');
  bar.className = 'ha-map__scale';
  frame.append(bar);
  const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
  const measure = (): void => {
    const middle = map.getSize().divideBy(2);
    const start = map.containerPointToLatLng(middle);
    const end = map.containerPointToLatLng(middle.add([WIDEST_PX, 0]));
    const widest = map.distance(start, end);
    if (!(widest > 0)) return;
    const length = chooseLength(widest);
    const isLong = length >= KILOMETRE;
    const n = number.format(isLong ? length / KILOMETRE : length);
    bar.textContent = words(isLong ? 'scaleKm' : 'scaleM', { n });
    bar.style.inlineSize = `${String(Math.round((WIDEST_PX * length) / widest))}px`;
  };
  map.on('moveend resize', measure);
  measure();
}
