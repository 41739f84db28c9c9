// What has changed, said to those who do not see it: calmly, and only the last of many changes.

const PAUSE_MS = 900;

export class Announcer {
  readonly #region: HTMLElement | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(region: HTMLElement | null) {
    this.#region = region;
  }

  /** Say a sentence at once. */
  say(sentence: string): void {
    clearTimeout(this.#timer);
    if (this.#region !== null && sentence !== '') this.#region.textContent = sentence;
  }

  /** Say what `write` returns once nothing else has changed for a while. */
  saySoon(write: () => string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.say(write());
    }, PAUSE_MS);
  }
}
