// The colours of the map, read from the style sheet, and read again whenever they may differ.
import { CLASS_COUNT, nameClass } from '../state/classes.ts';

const PERIOD_PX = 8;
const LINE_PX = 1.3;

export interface Palette {
  /** Fill of each class; the first is the hatch. */
  readonly fills: readonly (string | CanvasPattern)[];
  readonly land: string;
  readonly edge: string;
  readonly label: string;
  readonly halo: string;
  readonly ink: string;
  readonly paper: string;
  readonly lamp: string;
  readonly organisation: string;
  readonly categoryInk: string;
  readonly font: string;
  /** The colour of any other token of the sheet. */
  readonly read: (token: string) => string;
}

export function countPixels(): number {
  return Math.max(1, window.devicePixelRatio || 1);
}

export function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const probe = document.createElement('span');
  probe.hidden = true;
  // Otherwise high contrast would answer for the text of the page, whatever is asked.
  probe.style.setProperty('forced-color-adjust', 'none');
  element.append(probe);
  const known = new Map<string, string>();
  const read = (token: string): string => {
    const kept = known.get(token);
    if (kept !== undefined) return kept;
    if (!probe.isConnected) element.append(probe);
    // Through an element, so that mixed and system colours come out as plain ones.
    probe.style.color = `var(--ha-${token})`;
    const colour = getComputedStyle(probe).color;
    known.set(token, colour);
    return colour;
  };
  const fills = Array.from({ length: CLASS_COUNT }, (_, number) =>
    number === 0 ? makeHatch(read('none-bg'), read('none-line')) : read(nameClass(number)),
  );
  const palette: Palette = {
    fills,
    land: read('map-land'),
    edge: read('map-edge'),
    label: read('map-label'),
    halo: read('map-halo'),
    ink: read('ink'),
    paper: read('paper'),
    lamp: read('lamp'),
    organisation: read('cat-group'),
    categoryInk: read('cat-ink'),
    font: style.getPropertyValue('--ha-font-work').trim() || 'sans-serif',
    read: (token) => {
      const colour = read(token);
      probe.remove();
      return colour;
    },
  };
  probe.remove();
  return palette;
}

/** Call `listener` when theme, contrast or medium change, until the signal says stop. */
export function watchAppearance(listener: () => void, signal: AbortSignal): void {
  const queries = [
    '(prefers-color-scheme: dark)',
    '(forced-colors: active)',
    '(prefers-contrast: more)',
    'print',
  ];
  for (const query of queries) {
    matchMedia(query).addEventListener('change', listener, { signal });
  }
  const theme = new MutationObserver(listener);
  theme.observe(document.documentElement, { attributeFilter: ['data-theme', 'class'] });
  signal.addEventListener('abort', () => {
    theme.disconnect();
  });
}

/** Slanting lines whose period divides a tile, so that they run on from one to the next. */
function makeHatch(ground: string, line: string): string | CanvasPattern {
  const pixels = countPixels();
  const size = Math.round(PERIOD_PX * pixels);
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const pen = canvas.getContext('2d');
  if (pen === null) return ground;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = line;
  pen.lineWidth = LINE_PX * pixels;
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - size / 2, size * 1.5);
    pen.lineTo(shift + size * 1.5, -size / 2);
  }
  pen.stroke();
  const pattern = pen.createPattern(canvas, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(PERIOD_PX / size));
  return pattern ?? ground;
}
