// A map on paper. The page becomes narrower at once, and tiles of another size would come too late:
// the map stays as it is and is only drawn smaller. And a canvas is printed as what was ever done to
// it: what it cleared before it drew is then cleared of what lies beneath. So a copy stands in for it.

/** What a page of A4 or Letter has between the usual margins, in CSS pixels. */
const PAPER_PX = 690;

/** Make a map fit for paper while the page is printed. The frame takes what the map needs. */
export function keepForPaper(element: HTMLElement, frame: HTMLElement, signal: AbortSignal): void {
  let bringBack: (() => void) | null = null;
  addEventListener(
    'beforeprint',
    () => {
      bringBack ??= putOnPaper(element, frame);
    },
    { signal },
  );
  addEventListener(
    'afterprint',
    () => {
      bringBack?.();
      bringBack = null;
    },
    { signal },
  );
}

function putOnPaper(element: HTMLElement, frame: HTMLElement): () => void {
  const copies = [...element.querySelectorAll('canvas')].map((canvas) => [canvas, copy(canvas)] as const);
  for (const [canvas, copied] of copies) canvas.replaceWith(copied);
  const { width, height } = element.getBoundingClientRect();
  const scale = Math.min(1, PAPER_PX / countBeside(frame) / Math.max(width, 1));
  setStyle(element, {
    'inline-size': `${String(width)}px`,
    'block-size': `${String(height)}px`,
    'transform': `scale(${scale.toFixed(4)})`,
    'transform-origin': getComputedStyle(element).direction === 'rtl' ? '100% 0' : '0 0',
  });
  setStyle(frame, {
    'inline-size': `${String(Math.ceil(width * scale))}px`,
    'block-size': `${String(Math.ceil(height * scale))}px`,
    '--ha-on-paper': scale.toFixed(4),
  });
  return () => {
    for (const [canvas, copied] of copies) copied.replaceWith(canvas);
    setStyle(element, { 'inline-size': '', 'block-size': '', 'transform': '', 'transform-origin': '' });
    setStyle(frame, { 'inline-size': '', 'block-size': '', '--ha-on-paper': '' });
  };
}

function copy(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const copied = canvas.cloneNode() as HTMLCanvasElement;
  if (canvas.width > 0 && canvas.height > 0) copied.getContext('2d')?.drawImage(canvas, 0, 0);
  return copied;
}

function setStyle(element: HTMLElement, styles: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value);
}

/** How many maps stand in a row with this one, itself among them. */
function countBeside(frame: HTMLElement): number {
  const { top } = frame.getBoundingClientRect();
  const maps = [...document.querySelectorAll('.ha-map')];
  return Math.max(1, maps.filter((each) => Math.abs(each.getBoundingClientRect().top - top) < 4).length);
}
