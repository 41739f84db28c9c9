// From a view to colours and sentences: which values, which classes, and what to say of an area.
import type { AreaLayer } from '../api/tile-layers.ts';
import type { Division, SeriesKey, SeriesValues } from '../api/values.ts';
import { classBoth, classOne, findClass, type Classes } from '../state/classes.ts';
import type { MapWords } from '../state/map-words.ts';
import type { BreaksName, LayersView, SeriesChoice } from '../state/view.ts';
import type { AreaNames } from './area-names.ts';
import { SeriesStore } from './series-store.ts';
import type { Shading, Side } from './shading.ts';

export type { Side } from './shading.ts';

const SUPPRESSED = 'suppressed';

export interface FiguresOptions {
  readonly layers: readonly AreaLayer[];
  readonly valuesVersion: string;
  readonly words: MapWords;
  readonly names: AreaNames;
  /** Called when values have come that a shading was asked for and did not have. */
  readonly onNews: () => void;
}

export class Figures {
  readonly #options: FiguresOptions;
  readonly #store: SeriesStore;

  constructor(options: FiguresOptions) {
    this.#options = options;
    this.#store = new SeriesStore(options.valuesVersion, options.onNews);
  }

  /** Fetch what a side of a view needs for its own kind of area; null where there is none. */
  async load(view: LayersView, side: Side): Promise<SeriesValues | null> {
    const keys = listChoices(view, side).map((choice) => this.#findKey(view.layer, choice));
    const found = await Promise.all(keys.map(async (key) => (key === null ? null : this.#store.load(key))));
    return found[0] ?? null;
  }

  /** The colours and sentences of a side of a view. */
  shade(view: LayersView, side: Side): Shading {
    const kept = new Map<string, Classes>();
    return {
      classesOf: (layer) => {
        if (view.first.indicator === '') return null;
        const known = kept.get(layer);
        if (known !== undefined) return known;
        const made = this.#class(view, side, layer);
        if (made !== undefined) kept.set(layer, made);
        return made;
      },
      describe: (layer, gid) => this.#describe(view, side, layer, gid),
    };
  }

  #class(view: LayersView, side: Side, layer: string): Classes | undefined {
    const [first, second] = this.#findSeries(view, side, layer);
    // The legend is of the view's own kind of area: larger ones are coloured on its scale.
    const [own, ownSecond] = layer === view.layer ? [first, second] : this.#findSeries(view, side, view.layer);
    if (!first || !own || (layer !== view.layer && first.measure === 'rank')) return undefined;
    const isOwn = layer === view.layer;
    if (side !== 'both') {
      const division = findDivision(own, side === 'first' ? view.breaks : view.secondBreaks, isOwn);
      return division === null ? undefined : classOne(first, division);
    }
    if (!second || !ownSecond) return undefined;
    const rows = findThirds(own, view.breaks, view.cuts, isOwn);
    const columns = findThirds(ownSecond, view.secondBreaks, view.secondCuts, isOwn);
    if (rows === null || columns === null) return undefined;
    return classBoth(first, second, rows, columns);
  }

  #findSeries(view: LayersView, side: Side, layer: string): (SeriesValues | null | undefined)[] {
    return listChoices(view, side).map((choice) => {
      const key = this.#findKey(layer, choice);
      return key === null ? null : this.#store.get(key);
    });
  }

  #findKey(layer: string, choice: SeriesChoice): SeriesKey | null {
    const found = this.#options.layers.find((each) => each.layer === layer);
    if (found === undefined || choice.indicator === '') return null;
    return { ...choice, areaType: found.areaType, boundaryYear: found.boundaryYear };
  }

  #describe(view: LayersView, side: Side, layer: string, gid: number): string {
    const { names, words } = this.#options;
    const named = names.get(layer, gid);
    if (named === null) return '';
    const { name } = named;
    if (view.first.indicator === '') return words('areaPlain', { name });
    const [first, second] = this.#findSeries(view, side, layer);
    if (!first) return words('areaNone', { name });
    const value = this.#write(first, gid);
    if (side === 'both' && second) {
      return words('areaBoth', {
        name,
        first: first.name,
        value: value ?? words('noFigure'),
        second: second.name,
        secondValue: this.#write(second, gid) ?? words('noFigure'),
      });
    }
    if (value === null) {
      const isHidden = first.statuses[String(gid)] === SUPPRESSED;
      return words(isHidden ? 'areaSuppressed' : 'areaNone', { name });
    }
    const breaks = side === 'second' ? view.secondBreaks : view.breaks;
    const level = layer === view.layer ? findLevel(first, breaks, gid) : null;
    return level === null ? words('areaValue', { name, value }) : words('areaLevel', { name, value, level });
  }

  #write(series: SeriesValues, gid: number): string | null {
    const value = series.values[gid - series.firstGid];
    if (value === null || value === undefined) return null;
    const number = new Intl.NumberFormat(document.documentElement.lang || undefined, {
      maximumFractionDigits: series.decimals,
    }).format(value);
    if (series.unit === '') return number;
    return this.#options.words('unit', { value: number, unit: series.unit });
  }
}

function listChoices(view: LayersView, side: Side): SeriesChoice[] {
  if (side === 'both') return [view.first, view.second];
  return [side === 'first' ? view.first : view.second];
}

/** How the legend divides a series; `isOwn`: its exceptions are of the areas drawn. */
function findDivision(series: SeriesValues, breaks: BreaksName, isOwn: boolean): Division | null {
  const found = series.breaks[breaks] ?? series.breaks.quantile ?? null;
  return found === null || isOwn ? found : { ...found, exceptions: {} };
}

/** The thirds that have the edges the legend names; those likely to, while none are named. */
function findThirds(
  { breaks }: SeriesValues,
  way: BreaksName,
  cuts: readonly number[],
  isOwn: boolean,
): Division | null {
  const { thirds = null, published_thirds: published = null } = breaks;
  const isPublished = cuts.length === 0 ? way === 'published' : isLike(published, cuts);
  const found = isPublished && published !== null ? published : thirds;
  return found === null || isOwn ? found : { ...found, exceptions: {} };
}

function isLike(division: Division | null, cuts: readonly number[]): boolean {
  const edges = division?.edges ?? [];
  return edges.length === cuts.length && edges.every((edge, index) => edge === cuts[index]);
}

function findLevel(series: SeriesValues, breaks: BreaksName, gid: number): string | null {
  const value = series.values[gid - series.firstGid];
  const division = series.breaks.published;
  if (breaks !== 'published' || value === null || value === undefined) return null;
  if (division?.levels === undefined || division.levels === null) return null;
  const need = division.exceptions[String(gid)];
  const place = need === undefined ? findClass(value, division.edges) : division.needs.indexOf(need);
  return division.levels[place] ?? null;
}
