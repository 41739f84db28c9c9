// From the answer of an analysis to colours and sentences of areas.
import type { GapLayer } from '../api/gap-figures.ts';
import type { Classes } from '../state/classes.ts';
import type { MapWords } from '../state/map-words.ts';
import type { AreaNames } from './area-names.ts';
import type { Shader, Shading } from './shading.ts';

const KM = 1000;
const STEP_M = 10;

export interface GapAnswer {
  readonly layers: readonly GapLayer[];
  /** The kind of area that the table lists. */
  readonly own: string;
  readonly isDistance: boolean;
  /** Who is counted, in words. */
  readonly who: string;
}

export class GapFigures implements Shader {
  readonly #words: MapWords;
  readonly #names: AreaNames;
  readonly #number = new Intl.NumberFormat(document.documentElement.lang || undefined);
  readonly #decimal = new Intl.NumberFormat(document.documentElement.lang || undefined, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  readonly #amount = new Intl.NumberFormat(document.documentElement.lang || undefined, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  #answer: GapAnswer | null = null;
  #classes = new Map<string, Classes>();

  constructor(words: MapWords, names: AreaNames) {
    this.#words = words;
    this.#names = names;
  }

  setAnswer(answer: GapAnswer): void {
    this.#answer = answer;
    this.#classes = new Map(
      answer.layers.map(({ layer, classes }) => [layer, Uint8Array.from([0, ...classes])]),
    );
  }

  readonly shade = (): Shading => {
    const [answer, classes] = [this.#answer, this.#classes];
    return {
      classesOf: (layer) => (answer === null ? null : classes.get(layer)),
      describe: (layer, gid) => this.#describe(answer, layer, gid),
    };
  };

  #describe(answer: GapAnswer | null, layer: string, gid: number): string {
    const name = this.#names.get(layer, gid)?.name;
    if (name === undefined) return '';
    const figures = answer?.layers.find((each) => each.layer === layer);
    const people = figures?.people[gid - 1];
    if (!answer || !figures || people === null || people === undefined) {
      return this.#words('areaNone', { name });
    }
    if (people === 0) return this.#words('gapNobody', { name });
    const measure = figures.measure[gid - 1] ?? null;
    const values = {
      name,
      beyond: this.#number.format(figures.beyond[gid - 1] ?? 0),
      people: this.#number.format(people),
      who: answer.who,
      measure: measure === null ? '' : this.#write(measure, answer.isDistance),
    };
    if (measure === null) return this.#words('gapNothing', values);
    if (!answer.isDistance) return this.#words('gapSupply', values);
    return this.#words(layer === answer.own ? 'gapDistance' : 'gapDistanceLarger', values);
  }

  #write(measure: number, isDistance: boolean): string {
    if (!isDistance) return this.#amount.format(measure);
    if (measure >= KM - STEP_M / 2) {
      return this.#words('scaleKm', { n: this.#decimal.format(measure / KM) });
    }
    return this.#words('scaleM', { n: this.#number.format(Math.round(measure / STEP_M) * STEP_M) });
  }
}
