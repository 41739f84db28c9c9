// Two real buttons for the size of the map: named, 44 px, and quiet at their limits.
import type * as L from 'leaflet';
import type { Words } from '../state/words.ts';

const STEP = 1;
const NEARLY = 0.01;

export function addZoomButtons(map: L.Map, frame: HTMLElement, words: Words): void {
  const holder = document.createElement('div');
  holder.className = 'ha-map__buttons';
  holder.dataset['mapButtons'] = '';
  const closer = makeButton('+', words.zoomIn, () => map.zoomIn(STEP));
  const further = makeButton('−', words.zoomOut, () => map.zoomOut(STEP));
  holder.append(closer, further);
  frame.append(holder);
  const mark = (): void => {
    // aria-disabled rather than disabled: a button that goes dead must not lose the focus.
    closer.setAttribute('aria-disabled', String(map.getZoom() >= map.getMaxZoom() - NEARLY));
    further.setAttribute('aria-disabled', String(map.getZoom() <= map.getMinZoom() + NEARLY));
  };
  map.on('zoomend zoomlevelschange', mark);
  mark();
}

function makeButton(sign: string, name: string, act: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = sign;
  button.setAttribute('aria-label', name);
  button.title = name;
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') act();
  });
  return button;
}
