// How far the load of a place is, brought up to date in the page that the server wrote.
import type { Load } from '../api/load.ts';

export class LoadProgress {
  readonly #bar: HTMLProgressElement | null;
  readonly #step: HTMLElement | null;
  readonly #says: HTMLElement | null;

  constructor(root: HTMLElement) {
    this.#bar = root.querySelector('[data-load-bar]');
    this.#step = root.querySelector('[data-load-step]');
    this.#says = root.querySelector('[data-load-says]');
  }

  show({ step, done, total }: Load): void {
    if (this.#step !== null) this.#step.textContent = step;
    if (this.#bar === null) return;
    if (total === null || total === 0) {
      // Without a value the bar moves: nobody knows how far.
      this.#bar.removeAttribute('value');
      return;
    }
    this.#bar.max = total;
    this.#bar.value = done;
  }

  /** Speak a sentence; steps are not spoken, they would chatter. */
  say(sentence: string): void {
    if (this.#says !== null) this.#says.textContent = sentence;
  }
}
