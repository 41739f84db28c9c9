// Real buttons for the size of the map: named, 44 px, and quiet at their limits.
import type * as L from 'leaflet';

const STEP = 1;
const NEARLY = 0.01;

export interface ButtonWords {
  readonly zoomIn: string;
  readonly zoomOut: string;
}

/** What shows the whole place again, and what its button is called. */
export interface WholePlace {
  readonly name: string;
  readonly show: () => void;
}

export function addZoomButtons(
  map: L.Map,
  frame: HTMLElement,
  words: ButtonWords,
  whole?: WholePlace,
): void {
  const holder = document.createElement('div');
  holder.className = 'ha-map__buttons';
  holder.dataset['mapButtons'] = '';
  const closer = makeButton('+', words.zoomIn, () => map.zoomIn(STEP));
  const further = makeButton('−', words.zoomOut, () => map.zoomOut(STEP));
  holder.append(closer, further);
  if (whole !== undefined && whole.name !== '') {
    const button = makeButton('', whole.name, whole.show);
    button.className = 'ha-map__whole';
    holder.append(button);
  }
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
