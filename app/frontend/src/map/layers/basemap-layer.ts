// The background map from elsewhere: quiet, and gone again when it cannot be reached.
import * as L from 'leaflet';

const PATIENCE_MS = 5000;
const FAILURES = 4;
const AGAIN_MS = 60_000;

export interface BasemapOptions {
  readonly tiles: string;
  readonly pane: string;
  /** Ends it with its map. */
  readonly signal: AbortSignal;
  /** Called when it is there, and when it is not. */
  readonly onChange: (isThere: boolean) => void;
}

export class BasemapLayer {
  readonly #map: L.Map;
  readonly #options: BasemapOptions;
  #layer: L.TileLayer | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #isThere = false;

  constructor(map: L.Map, options: BasemapOptions) {
    this.#map = map;
    this.#options = options;
    const again = (): void => {
      if (this.#layer === null) this.start();
    };
    addEventListener('online', again, { signal: options.signal });
    options.signal.addEventListener('abort', () => {
      clearTimeout(this.#timer);
    });
    this.start();
  }

  get isThere(): boolean {
    return this.#isThere;
  }

  start(): void {
    clearTimeout(this.#timer);
    this.#failures = 0;
    const layer = L.tileLayer(this.#options.tiles, {
      pane: this.#options.pane,
      maxZoom: this.#map.getMaxZoom(),
      maxNativeZoom: 19,
      // Its server may ask who calls; our addresses hold postcodes, which are not its business.
      referrerPolicy: 'strict-origin-when-cross-origin',
      updateWhenZooming: false,
      keepBuffer: 1,
    });
    layer.on('tileload', () => {
      clearTimeout(this.#timer);
      this.#failures = 0;
      this.#tell(true);
    });
    layer.on('tileerror', () => {
      this.#failures += 1;
      if (this.#failures >= FAILURES) this.#giveUp();
    });
    this.#timer = setTimeout(() => {
      this.#giveUp();
    }, PATIENCE_MS);
    this.#layer = layer;
    layer.addTo(this.#map);
  }

  #giveUp(): void {
    if (this.#layer === null) return;
    this.#layer.remove();
    this.#layer = null;
    this.#tell(false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.start();
    }, AGAIN_MS);
  }

  #tell(isThere: boolean): void {
    this.#isThere = isThere;
    this.#options.onChange(isThere);
  }
}

/** Make an attribution of an operator's words: text and links, nothing else. */
export function writeAttribution(words: string): HTMLElement {
  const element = document.createElement('p');
  element.className = 'ha-map__attribution';
  const given = new DOMParser().parseFromString(words, 'text/html').body;
  for (const node of given.childNodes) {
    const href = node instanceof HTMLAnchorElement ? node.getAttribute('href') : null;
    if (href !== null && /^https?:\/\//.test(href)) {
      const link = document.createElement('a');
      link.href = href;
      link.rel = 'noopener';
      link.textContent = node.textContent;
      element.append(link);
    } else element.append(node.textContent ?? '');
  }
  return element;
}
