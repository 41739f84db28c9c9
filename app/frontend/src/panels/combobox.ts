// Suggestions below a field while somebody types: the pattern of an editable combobox with a list.
// Whoever ignores them has a plain field.

export interface Suggestion {
  readonly text: string;
  /** What tells it from others of its name. */
  readonly about: string;
  /** What it stands for, beyond its text; empty for nothing. */
  readonly value: string;
}

export interface ComboboxOptions {
  readonly label: string;
  /** Said of how many there are; {count} stands in for the number. */
  readonly says: (count: number) => string;
  readonly suggest: (typed: string, signal: AbortSignal) => Promise<readonly Suggestion[]>;
  readonly onChoose: (suggestion: Suggestion) => void;
}

const PAUSE_MS = 180;
const SHORTEST = 2;
let made = 0;

export class Combobox {
  readonly #input: HTMLInputElement;
  readonly #options: ComboboxOptions;
  readonly #list = document.createElement('div');
  readonly #status = document.createElement('p');
  #shown: readonly Suggestion[] = [];
  #active = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | null = null;

  constructor(input: HTMLInputElement, options: ComboboxOptions) {
    this.#input = input;
    this.#options = options;
    made += 1;
    this.#list.id = `suggestions-${String(made)}`;
    this.#list.className = 'ha-suggestions';
    this.#list.setAttribute('role', 'listbox');
    this.#list.setAttribute('aria-label', options.label);
    this.#list.hidden = true;
    this.#status.className = 'ha-hidden';
    this.#status.setAttribute('role', 'status');
    input.after(this.#list, this.#status);
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-expanded', 'false');
    input.setAttribute('aria-controls', this.#list.id);
    // The browser's own suggestions would lie over these.
    input.autocomplete = 'off';
    this.#listen();
    // On a slow connection somebody may have typed before this script was there.
    if (document.activeElement === input) this.#askSoon();
  }

  #listen(): void {
    this.#input.addEventListener('input', () => {
      this.#askSoon();
    });
    this.#input.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
    this.#input.addEventListener('blur', () => {
      this.close();
    });
    this.#list.addEventListener('pointerdown', (event) => {
      // The field keeps the focus.
      event.preventDefault();
    });
    this.#list.addEventListener('click', (event) => {
      const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
      if (option !== null) this.#choose([...this.#list.children].indexOf(option));
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#show([]);
    this.#status.textContent = '';
  }

  #askSoon(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const typed = this.#input.value.trim();
    if (typed.length < SHORTEST) {
      this.close();
      return;
    }
    this.#timer = setTimeout(() => {
      void this.#ask(typed);
    }, PAUSE_MS);
  }

  async #ask(typed: string): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const found = await this.#options.suggest(typed, asking.signal);
      if (asking.signal.aborted || document.activeElement !== this.#input) return;
      this.#show(found);
      this.#status.textContent = this.#options.says(found.length);
    } catch {
      // Without suggestions the field still does what it is for.
      if (!asking.signal.aborted) this.#show([]);
    }
  }

  #show(suggestions: readonly Suggestion[]): void {
    this.#shown = suggestions;
    // A form that is renewed around the field in use loses what stood beside it.
    if (!this.#list.isConnected) this.#input.after(this.#list, this.#status);
    this.#list.replaceChildren(...suggestions.map((each, number) => this.#makeOption(each, number)));
    this.#list.hidden = suggestions.length === 0;
    this.#input.setAttribute('aria-expanded', String(suggestions.length > 0));
    this.#activate(-1);
  }

  #makeOption({ text, about }: Suggestion, number: number): HTMLElement {
    const option = document.createElement('div');
    option.id = `${this.#list.id}-${String(number)}`;
    option.setAttribute('role', 'option');
    option.setAttribute('aria-selected', 'false');
    option.append(text);
    if (about !== '') {
      const small = document.createElement('span');
      small.textContent = ` ${about}`;
      option.append(small);
    }
    return option;
  }

  #onKey(event: KeyboardEvent): void {
    const count = this.#shown.length;
    if (count === 0 || event.isComposing) return;
    if (event.key === 'ArrowDown') this.#activate((this.#active + 1) % count);
    else if (event.key === 'ArrowUp') this.#activate(this.#active <= 0 ? count - 1 : this.#active - 1);
    else if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' && this.#active >= 0) this.#choose(this.#active);
    else return;
    event.preventDefault();
  }

  #activate(number: number): void {
    this.#active = number < this.#shown.length ? number : -1;
    for (const [each, option] of [...this.#list.children].entries()) {
      option.setAttribute('aria-selected', String(each === this.#active));
    }
    const active = this.#list.children[this.#active];
    if (active === undefined) this.#input.removeAttribute('aria-activedescendant');
    else {
      this.#input.setAttribute('aria-activedescendant', active.id);
      active.scrollIntoView({ block: 'nearest' });
    }
  }

  #choose(number: number): void {
    const suggestion = this.#shown[number];
    if (suggestion === undefined) return;
    this.#input.value = suggestion.text;
    this.close();
    this.#options.onChoose(suggestion);
  }
}
