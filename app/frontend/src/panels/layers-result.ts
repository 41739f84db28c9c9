// The part of the page that answers the question, changed around a map that lives on.

const RESULT = '[data-layers-result]';
const FRAME = '[data-map-frame]';
const FORM = '[data-layers-form]';

export interface Fragment {
  readonly result: HTMLElement;
  /** The form as the server now offers it, if it said so. */
  readonly form: HTMLFormElement | null;
}

/** Read what the server sent in place of a whole page; throws if it is something else. */
export function readFragment(text: string): Fragment {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const result = page.querySelector<HTMLElement>(RESULT);
  if (result === null) throw new TypeError('The server did not answer with a result');
  return { result, form: page.querySelector<HTMLFormElement>(FORM) };
}

/** Put a result in the place of the former, keeping its frame with the map, and the focus. */
export function swapResult(former: HTMLElement, renewed: HTMLElement, frame: HTMLElement): void {
  const focused = document.activeElement;
  const isInside = focused instanceof HTMLElement && former.contains(focused);
  const way = isInside && !frame.contains(focused) ? describeFocus(focused) : null;
  const place = renewed.querySelector<HTMLElement>(FRAME);
  if (place !== null) {
    for (const [name, value] of Object.entries(place.dataset)) frame.dataset[name] = value;
    place.replaceWith(frame);
  }
  former.replaceWith(renewed);
  if (!isInside) return;
  const again = way === null ? focused : findFocus(renewed, way);
  again.focus({ preventScroll: true });
}

interface Way {
  readonly id: string;
  readonly href: string;
}

function describeFocus(element: HTMLElement): Way {
  return { id: element.id, href: element.getAttribute('href') ?? '' };
}

/** The element that is what the focused one was, or the result as a whole. */
function findFocus(result: HTMLElement, { id, href }: Way): HTMLElement {
  const all = [...result.querySelectorAll<HTMLElement>('a, button, input, select, summary')];
  const same =
    all.find((each) => id !== '' && each.id === id) ??
    all.find((each) => href !== '' && each.getAttribute('href') === href);
  if (same !== undefined) return same;
  result.tabIndex = -1;
  return result;
}
