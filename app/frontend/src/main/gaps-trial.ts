// What if: joins the list of what is tried, its pins on the map, and the address of the page.
import { TrialPins, type TrialPin } from '../map/trial-pins.ts';
import type { Board } from '../map/board.ts';
import { addSite, moveSite } from '../state/changes.ts';
import type { MapWords } from '../state/map-words.ts';

const LIST = '[data-trial]';
const FORM = '[data-trial-form]';

export interface TrialOptions {
  readonly board: Board;
  readonly frame: HTMLElement;
  readonly words: MapWords;
  readonly go: (address: URL) => void;
  readonly say: (sentence: string) => void;
}

export class Trial {
  readonly #options: TrialOptions;
  readonly #pins: TrialPins | null;
  #list: HTMLElement | null = null;

  constructor(options: TrialOptions) {
    this.#options = options;
    const map = options.board.leaflet;
    this.#pins =
      map === null
        ? null
        : new TrialPins(map, options.frame, {
            words: options.words,
            onAdd: (place) => {
              this.#try((changes) => addSite(changes, place, this.#readHolds()));
            },
            onMove: (number, place) => {
              this.#try((changes) => moveSite(changes, number, place));
            },
            onSay: options.say,
          });
  }

  /** Show what a result tries. */
  show(result: HTMLElement): void {
    this.#list = result.querySelector<HTMLElement>(LIST);
    const items = this.#list?.querySelectorAll<HTMLElement>('[data-pin]') ?? [];
    this.#pins?.show([...items].map(readPin), this.#list?.dataset['full'] === 'yes');
  }

  /** How much a new one holds, as it is written beside the list; empty where that does not count. */
  #readHolds(): string {
    const field = this.#list?.querySelector<HTMLInputElement>('[data-trial-holds]');
    return field?.value.trim() ?? '';
  }

  #try(change: (changes: string) => string): void {
    const address = new URL(location.href);
    address.pathname = '/gaps';
    for (const name of ['number', 'site', 'where', 'holds', 'page', 'result']) {
      address.searchParams.delete(name);
    }
    address.searchParams.set('changes', change(this.#list?.dataset['trial'] ?? ''));
    address.searchParams.delete('shown');
    address.hash = '';
    this.#options.go(address);
  }
}

/** Whether a form asks for something to be tried. */
export function isTrialForm(form: HTMLFormElement): boolean {
  return form.matches(FORM);
}

function readPin({ dataset }: HTMLElement): TrialPin {
  return {
    number: Number(dataset['pin']),
    kind: dataset['kind'] ?? '',
    words: dataset['words'] ?? '',
    lon: Number(dataset['lon']),
    lat: Number(dataset['lat']),
  };
}
