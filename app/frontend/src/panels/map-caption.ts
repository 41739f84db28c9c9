// The line under the map: what is pointed at, and the way from there to the list.
import type { SelectionState } from '../state/selection.ts';
import type { Words } from '../state/words.ts';
import { unfold } from './unfolding.ts';

export class MapCaption {
  readonly #line: HTMLElement;
  readonly #announcement: HTMLElement;
  readonly #words: Words;
  readonly #describe: (code: string) => string | null;
  #resting: string;
  #announced: string | null = null;

  constructor(
    line: HTMLElement,
    announcement: HTMLElement,
    words: Words,
    describe: (code: string) => string | null,
  ) {
    this.#line = line;
    this.#announcement = announcement;
    this.#words = words;
    this.#describe = describe;
    this.#resting = line.textContent;
  }

  /** Say something that stays until an area is pointed at. */
  say(sentence: string): void {
    this.#resting = sentence;
    this.#line.textContent = sentence;
    this.#announcement.textContent = sentence;
  }

  show({ highlighted, chosen, origin }: SelectionState): void {
    const code = highlighted ?? chosen;
    const sentence = code === null ? null : this.#describe(code);
    this.#line.textContent = sentence ?? this.#resting;
    if (sentence !== null && code === chosen && chosen !== null) this.#addWayToList(chosen);
    // Passing over areas would chatter; only a choice made on the map is spoken.
    if (chosen !== this.#announced && origin === 'map') {
      this.#announcement.textContent = (chosen === null ? null : this.#describe(chosen)) ?? '';
    }
    this.#announced = chosen;
  }

  #addWayToList(code: string): void {
    const link = document.createElement('a');
    link.href = `#area-${encodeURIComponent(code)}`;
    link.textContent = this.#words.showInList;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      const entry = document.getElementById(`area-${code}`);
      if (entry) unfold(entry);
      (entry?.querySelector('a') ?? entry)?.focus();
    });
    this.#line.append(' ', link);
  }
}
