// What a page of layers shows, as its result says in data attributes.

export type ViewKind = 'one' | 'beside' | 'both';

export interface SeriesChoice {
  readonly indicator: string;
  readonly period: string;
  readonly sex: string;
  readonly age: string;
}

export type BreaksName = 'quantile' | 'equal' | 'published';

export interface LayersView {
  /** Such as lsoa-2021. */
  readonly layer: string;
  readonly first: SeriesChoice;
  /** With an empty indicator: nothing is compared. */
  readonly second: SeriesChoice;
  readonly kind: ViewKind;
  readonly breaks: BreaksName;
  readonly secondBreaks: BreaksName;
  /** The inner edges of the thirds of the first and of the second indicator; empty: unknown. */
  readonly cuts: readonly number[];
  readonly secondCuts: readonly number[];
  /** Codes of categories; ["all"]: every one; empty: no places. */
  readonly categories: readonly string[];
  readonly assetFilters: string;
  readonly organisations: string;
  readonly organisationsLayer: string;
  readonly kinds: readonly string[];
  readonly chosenGid: number | null;
}

export function readView(data: Readonly<Record<string, string | undefined>>): LayersView {
  const gid = Number(data['chosenGid'] ?? '');
  return {
    layer: data['layer'] ?? '',
    first: {
      indicator: data['indicator'] ?? '',
      period: data['period'] ?? '',
      sex: data['sex'] ?? '',
      age: data['age'] ?? '',
    },
    second: {
      indicator: data['compare'] ?? '',
      period: data['comparePeriod'] ?? '',
      sex: data['compareSex'] ?? '',
      age: data['compareAge'] ?? '',
    },
    kind: readKind(data['view'], data['compare'] ?? ''),
    breaks: readBreaksName(data['breaks']),
    secondBreaks: readBreaksName(data['compareBreaks'] ?? data['breaks']),
    cuts: readNumbers(data['cuts']),
    secondCuts: readNumbers(data['compareCuts']),
    categories: readWordList(data['categories']),
    assetFilters: data['assetFilters'] ?? '',
    organisations: data['organisations'] ?? '',
    organisationsLayer: data['organisationsLayer'] ?? '',
    kinds: (data['kinds'] ?? '').split('|').filter((each) => each !== ''),
    chosenGid: Number.isInteger(gid) && gid > 0 ? gid : null,
  };
}

/**
 * What a view becomes once the form says this, as far as that can be known before the server
 * answers: enough to colour the map, not to describe it.
 */
export function foresee(view: LayersView, form: URLSearchParams, newest: Newest): LayersView {
  const indicator = form.get('indicator') ?? view.first.indicator;
  const compare = form.get('compare') ?? '';
  const breaks = readBreaksName(form.get('breaks') ?? view.breaks);
  const isSame = indicator === view.first.indicator;
  const period = isSame ? (form.get('period') ?? view.first.period) : newest.indicator;
  const second = { ...EMPTY, indicator: compare, period: newest.compare };
  return {
    ...view,
    first: isSame ? { ...view.first, period } : { ...EMPTY, indicator, period, ...readPopulation(form) },
    second: compare === view.second.indicator ? view.second : second,
    kind: readKind(form.get('view') ?? 'beside', compare),
    breaks,
    secondBreaks: breaks,
    cuts: isSame ? view.cuts : [],
    secondCuts: compare === view.second.indicator ? view.secondCuts : [],
  };
}

/** The newest periods of the indicators chosen, as the form says; empty: not said. */
export interface Newest {
  readonly indicator: string;
  readonly compare: string;
}

const EMPTY: SeriesChoice = { indicator: '', period: '', sex: '', age: '' };

function readPopulation(form: URLSearchParams): Pick<SeriesChoice, 'sex' | 'age'> {
  return { sex: form.get('sex') ?? '', age: form.get('age') ?? '' };
}

function readKind(value: string | undefined, compare: string): ViewKind {
  if (compare === '') return 'one';
  return value === 'beside' || value === 'both' ? value : 'one';
}

function readBreaksName(value: string | undefined): BreaksName {
  return value === 'equal' || value === 'published' ? value : 'quantile';
}

function readWordList(value: string | undefined): string[] {
  return (value ?? '').split(/\s+/).filter((each) => each !== '');
}

function readNumbers(value: string | undefined): number[] {
  return (value ?? '')
    .split(',')
    .filter((each) => each.trim() !== '')
    .map(Number)
    .filter((each) => Number.isFinite(each));
}
