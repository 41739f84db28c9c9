// A part of a question page that the server draws anew while somebody answers; what they typed is
// kept as a draft with every such request.
import { postForm } from '../api/client.ts';

const PAUSE_MS = 700;

export interface PartOptions {
  /** As the server calls it. */
  readonly name: string;
  readonly form: HTMLFormElement;
  readonly holder: HTMLElement;
  /** Fields that it depends on. */
  readonly fields: readonly string[];
  /** Called with what the part says of itself, where that has changed. */
  readonly onNews: (sentence: string) => void;
}

export class AddingPart {
  readonly #options: PartOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | null = null;

  constructor(options: PartOptions) {
    this.#options = options;
    const { form, fields } = options;
    const listen = (event: Event): void => {
      const field = event.target;
      const isOurs = field instanceof HTMLInputElement && fields.includes(field.name);
      if (isOurs) this.askSoon();
    };
    form.addEventListener('input', listen);
    // What was chosen among what is shown must not be drawn over.
    options.holder.addEventListener('change', () => {
      this.#stop();
    });
    // What is on its way would come back to a page that has been sent.
    form.addEventListener('submit', () => {
      this.#stop();
    });
  }

  /** Ask once nothing was typed for a while. */
  askSoon(): void {
    this.#stop();
    this.#timer = setTimeout(() => {
      void this.#ask();
    }, PAUSE_MS);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #ask(): Promise<void> {
    const { form, name } = this.#options;
    const asking = new AbortController();
    this.#asking = asking;
    try {
      // Its buttons are called `action`, and hide the form's property of that name.
      const path = form.getAttribute('action') ?? '';
      const text = await postForm(path, name, readForm(form), asking.signal);
      if (text !== null && !asking.signal.aborted) this.#show(text);
    } catch (error) {
      // Continue asks the same; a hint that does not come is no trouble to anybody.
      if (!asking.signal.aborted) console.info('A hint could not be fetched.', error);
    }
  }

  #show(text: string): void {
    const { holder, form, onNews } = this.#options;
    const drawn = new DOMParser().parseFromString(text, 'text/html').body;
    const saved = drawn.querySelector('[data-saved-line]');
    const line = form.querySelector('[data-saved]');
    if (saved !== null && line !== null) line.textContent = saved.textContent.trim();
    saved?.remove();
    if (drawn.textContent.trim() === holder.textContent.trim()) return;
    holder.replaceChildren(...drawn.childNodes);
    onNews(holder.querySelector('[data-news]')?.textContent.trim() ?? '');
  }
}

function readForm(form: HTMLFormElement): URLSearchParams {
  const sent = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string') sent.append(name, value);
  }
  return sent;
}
