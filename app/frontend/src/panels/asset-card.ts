// What is known of a place that was pressed on the map, or of several at one point.
import { fetchCards, type Card, type Category } from '../api/assets.ts';
import type { MapWords } from '../state/map-words.ts';

export interface AssetCardOptions {
  readonly words: MapWords;
  readonly findCategory: (code: string) => Category | null;
  /** Called when the card is closed: the focus goes back to where it came from. */
  readonly onClose: () => void;
}

const COSTS: Readonly<Record<string, string>> = {
  free: 'costFree',
  paid: 'costPaid',
  donation: 'costDonation',
};

export class AssetCard {
  readonly element = document.createElement('section');
  readonly #options: AssetCardOptions;
  readonly #heading = document.createElement('h2');
  readonly #body = document.createElement('div');
  #asking: AbortController | null = null;

  constructor(options: AssetCardOptions) {
    this.#options = options;
    this.element.className = 'ha-card';
    this.element.hidden = true;
    this.#heading.tabIndex = -1;
    this.#heading.id = 'map-card';
    this.element.setAttribute('aria-labelledby', this.#heading.id);
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'ha-card__close';
    close.textContent = options.words('cardClose');
    close.addEventListener('click', () => {
      this.close();
    });
    this.element.append(this.#heading, this.#body, close);
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.close();
    });
  }

  /** Show the places with these map numbers. */
  async open(mapNumbers: readonly number[]): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#show(this.#options.words('cardLoading'));
    let cards: Card[];
    try {
      cards = await fetchCards(mapNumbers, asking.signal);
    } catch (error) {
      if (asking.signal.aborted) return;
      console.info('The card of a place could not be fetched.', error);
      this.#show(this.#options.words('cardMissing'));
      return;
    }
    if (this.#asking === asking) this.#showCards(cards);
  }

  close(): void {
    if (this.element.hidden) return;
    this.#asking?.abort();
    this.element.hidden = true;
    this.#options.onClose();
  }

  #show(heading: string, ...body: readonly Node[]): void {
    this.#heading.textContent = heading;
    this.#body.replaceChildren(...body);
    this.element.hidden = false;
    this.element.scrollTop = 0;
    this.#heading.focus({ preventScroll: false });
  }

  #showCards(cards: readonly Card[]): void {
    const { words } = this.#options;
    const [only] = cards;
    if (only === undefined) {
      this.#show(words('cardMissing'));
      return;
    }
    if (cards.length === 1) {
      this.#show(only.name, ...this.#describe(only));
      return;
    }
    const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
    const list = document.createElement('ul');
    list.setAttribute('role', 'list');
    list.className = 'ha-card__list';
    list.append(...cards.map((card) => this.#makeEntry(card)));
    this.#show(words('samePlace', { count: number.format(cards.length) }), list);
  }

  #makeEntry(card: Card): HTMLElement {
    const entry = document.createElement('li');
    const fold = document.createElement('details');
    const name = document.createElement('summary');
    name.textContent = card.name;
    fold.append(name, ...this.#describe(card));
    entry.append(fold);
    return entry;
  }

  #describe(card: Card): HTMLElement[] {
    const { words, findCategory } = this.#options;
    const categories = card.categories.map((code) => findCategory(code)?.name ?? code).join(', ');
    const parts: HTMLElement[] = [];
    if (card.alert !== '') parts.push(makeParagraph(card.alert, 'ha-card__alert'));
    if (categories !== '') parts.push(makeParagraph(categories, 'ha-card__what'));
    const cost = card.costWords !== '' ? card.costWords : words(COSTS[card.cost] ?? '');
    const facts: readonly [string, string][] = [
      ['cardAddress', card.address],
      ['cardHours', card.hours],
      ['cardCost', cost],
      ['cardRunBy', card.runBy],
      ['cardSource', card.source],
    ];
    const list = document.createElement('dl');
    for (const [key, value] of facts) {
      if (value === '' || words(key) === '') continue;
      const [term, fact] = [document.createElement('dt'), document.createElement('dd')];
      term.textContent = words(key);
      fact.textContent = value;
      list.append(term, fact);
    }
    if (list.childElementCount > 0) parts.push(list);
    return parts;
  }
}

function makeParagraph(text: string, className: string): HTMLElement {
  const paragraph = document.createElement('p');
  paragraph.className = className;
  paragraph.textContent = text;
  return paragraph;
}
