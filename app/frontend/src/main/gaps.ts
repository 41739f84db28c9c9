// The page of gaps: joins its form, its answer, its table and its map.
import { fetchGapFigures } from '../api/gap-figures.ts';
import { getFragment } from '../api/client.ts';
import { fetchTileLayers, type TileLayers } from '../api/tile-layers.ts';
import { AreaNames } from '../map/area-names.ts';
import { Board } from '../map/board.ts';
import { GapFigures } from '../map/gap-figures.ts';
import { Announcer } from '../panels/announcer.ts';
import { AssetCard } from '../panels/asset-card.ts';
import { fillForm, readAddress, readQuery, renewForm } from '../panels/layers-form.ts';
import { readFragment, swapResult } from '../panels/layers-result.ts';
import { Ranking } from '../panels/ranking.ts';
import { readMapWords, type MapWords } from '../state/map-words.ts';
import { nameArea, readArea, Selection } from '../state/selection.ts';
import { readView, type LayersView } from '../state/view.ts';
import { isTrialForm, Trial } from './gaps-trial.ts';
import { Overlays } from './layers-overlays.ts';

const PATH = '/gaps';
const FRAME = '[data-map-frame]';
const TITLE = '[data-gaps-title]';

type Step = 'push' | 'none';

/** Bring the page of gaps to life; its form and tables are complete without this. */
export async function startGaps(root: HTMLElement): Promise<void> {
  const page = new GapsPage(root);
  page.follow();
  page.showUnfolded();
  await page.startMap();
}

class GapsPage {
  readonly #root: HTMLElement;
  readonly #form: HTMLFormElement | null;
  readonly #says: Announcer;
  readonly #selection = new Selection();
  #result: HTMLElement;
  #frame: HTMLElement | null;
  #words: MapWords | null = null;
  #ranking: Ranking | null = null;
  #names: AreaNames | null = null;
  #figures: GapFigures | null = null;
  #board: Board | null = null;
  #overlays: Overlays | null = null;
  #trial: Trial | null = null;
  #asking: AbortController | null = null;
  #shown = location.pathname + location.search;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#form = root.querySelector<HTMLFormElement>('[data-layers-form]');
    this.#result = findResult(root);
    this.#frame = this.#result.querySelector<HTMLElement>(FRAME);
    this.#says = new Announcer(root.querySelector('[data-layers-says]'));
    this.#selection.listen((state) => {
      this.#ranking?.show(state);
      this.#board?.select(state);
    });
  }

  /** Follow the form, links that stay here, and the way back. */
  follow(): void {
    const form = this.#form;
    if (form !== null) {
      form.addEventListener('change', () => {
        if (isAskable(form)) void this.#go(readAddress(form), 'push');
      });
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        void this.#go(readAddress(form), 'push');
      });
    }
    this.#root.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (link === null || !isOwn(link, event) || !this.#result.contains(link)) return;
      event.preventDefault();
      void this.#go(new URL(link.href), 'push');
    });
    this.#root.addEventListener('submit', (event) => {
      const { target } = event;
      if (!(target instanceof HTMLFormElement)) return;
      const isTrial = isTrialForm(target);
      if (!isTrial && !target.matches('[data-gaps-search]')) return;
      event.preventDefault();
      const address = readAddress(target);
      address.hash = isTrial ? 'gaps-trial' : 'gaps-table-title';
      void this.#go(address, 'push');
    });
    addEventListener('popstate', () => {
      if (location.pathname + location.search === this.#shown) return;
      if (form !== null) fillForm(form, new URLSearchParams(location.search));
      void this.#go(new URL(location.href), 'none');
    });
    addEventListener('hashchange', () => {
      this.showUnfolded();
    });
  }

  /** What a link leads to is open when one gets there. */
  showUnfolded(): void {
    const part = location.hash === '' ? null : document.getElementById(location.hash.slice(1));
    if (!(part instanceof HTMLDetailsElement)) return;
    part.open = true;
    part.scrollIntoView({ block: 'start' });
  }

  /** Build the map, where the answer has one. */
  async startMap(): Promise<void> {
    const frame = this.#frame;
    if (frame === null) return;
    const words = readMapWords(frame);
    this.#words = words;
    this.#readTable();
    try {
      this.#build(frame, words, await fetchTileLayers());
    } catch (error) {
      console.warn('The layers of the map could not be fetched.', error);
      this.#says.say(words('mapFailed'));
      return;
    }
    await this.#colour();
    this.#chooseFromResult();
  }

  #build(frame: HTMLElement, words: MapWords, layers: TileLayers): void {
    const names = new AreaNames(layers.areas, () => {
      this.#board?.refresh();
    });
    this.#names = names;
    this.#figures = new GapFigures(words, names);
    const card = new AssetCard({
      words,
      findCategory: (code) => this.#overlays?.findCategory(code) ?? null,
      onClose: () => {
        this.#board?.focus();
      },
    });
    frame.dataset['bbox'] ??= findSmallestBox(layers).join(',');
    this.#board = new Board(frame, this.#readView(), {
      words,
      names,
      figures: this.#figures,
      layers,
      onPoint: (area) => {
        this.#selection.highlight(area);
      },
      onChoose: (area) => {
        this.#selection.choose(area, 'map');
        void this.#explain(area);
      },
      onOpen: (mapNumbers) => {
        void card.open(mapNumbers);
      },
      findRow: (area) => this.#ranking?.findRow(area) ?? null,
      onStale: () => {
        void this.#renewLayers();
      },
      onView: () => {
        this.#says.saySoon(() => this.#board?.summarise() ?? '');
      },
    });
    this.#board.element.append(card.element);
    this.#overlays = new Overlays(this.#board, names);
    this.#trial = this.#makeTrial(this.#board, words);
    this.#root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') card.close();
    });
  }

  #makeTrial(board: Board, words: MapWords): Trial {
    return new Trial({
      board,
      frame: board.element,
      words,
      go: (address) => {
        void this.#go(address, 'push');
      },
      say: (sentence) => {
        this.#says.say(sentence);
      },
    });
  }

  /** Colour the map by the answer that is shown; its tiles stay as they are. */
  async #colour(): Promise<void> {
    const [figures, board, result] = [this.#figures, this.#board, this.#result];
    const path = result.dataset['figures'] ?? '';
    if (figures === null || board === null || path === '') return;
    const view = this.#readView();
    try {
      const layers = await fetchGapFigures(path);
      if (this.#result !== result) return;
      figures.setAnswer({
        layers,
        own: view.layer,
        isDistance: result.dataset['scale'] === 'distance',
        who: result.dataset['who'] ?? '',
      });
    } catch (error) {
      console.warn('The figures of the map could not be fetched.', error);
      this.#says.say(this.#words?.('mapFailed') ?? '');
      return;
    }
    this.#trial?.show(result);
    board.show(view);
    board.setTitles([result.dataset['title'] ?? '']);
    board.select(this.#selection.state);
    await this.#overlays?.show(view, result);
  }

  /** Ask for the reasons of an area of the table's own kind that was pressed on the map. */
  async #explain(area: string | null): Promise<void> {
    const key = readArea(area);
    if (key?.layer !== this.#readView().layer) return;
    const code = (await this.#names?.locate(key.layer, key.gid))?.code;
    if (code === undefined || this.#selection.state.chosen !== area) return;
    const address = new URL(location.href);
    address.searchParams.set('area', code);
    address.hash = '';
    await this.#go(address, 'push');
    this.#says.say(this.#board?.describe(area) ?? '');
  }

  async #go(address: URL, step: Step): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#result.setAttribute('aria-busy', 'true');
    let path = address.pathname + address.search;
    try {
      const { text, address: there } = await getFragment(path, 'gaps', asking.signal);
      if (asking.signal.aborted) return;
      const { pathname, search } = new URL(there);
      path = pathname + search;
      this.#swap(text);
    } catch (error) {
      if (asking.signal.aborted) return;
      console.info('The answer could not be changed in place; the whole page is asked for.', error);
      location.assign(address);
      return;
    }
    if (step === 'push' && path !== this.#shown) history.pushState(null, '', path);
    this.#shown = path;
    this.#readTable();
    this.#chooseFromResult();
    this.#goTo(address.hash.slice(1));
    const said = this.#result.querySelector('[data-outcome] p') ?? this.#result.querySelector('.ha-finding');
    const finding = said?.textContent.trim() ?? '';
    this.#says.say(this.#words?.('updated', { finding }) ?? '');
    await this.#colour();
  }

  /** Put what the server sent in the place of what was; throws where the map cannot live on. */
  #swap(text: string): void {
    const { result, form } = readFragment(text);
    const frame = this.#frame;
    const hasMap = result.querySelector(FRAME) !== null;
    if (frame === null || !hasMap) throw new TypeError('One of the two answers has no map');
    const figures = result.dataset['figures'];
    const isSame = figures === this.#result.dataset['figures'];
    swapResult(this.#result, result, frame);
    this.#result = result;
    const title = new DOMParser().parseFromString(text, 'text/html').querySelector(TITLE);
    const shown = this.#root.querySelector(TITLE);
    if (title !== null && shown !== null) {
      document.title = document.title.replace(shown.textContent, title.textContent);
      shown.textContent = title.textContent;
    }
    if (form !== null && this.#form !== null && !isSame) renewForm(this.#form, form);
  }

  /** Lead to a part of the answer that a link names. */
  #goTo(id: string): void {
    const part = id === '' ? null : document.getElementById(id);
    if (part === null || !this.#result.contains(part)) return;
    if (part.tabIndex < 0) part.tabIndex = -1;
    part.scrollIntoView({ block: 'nearest' });
    part.focus({ preventScroll: true });
  }

  #readTable(): void {
    const table = this.#result.querySelector<HTMLElement>('[data-ranking]');
    const words = this.#words;
    const isThere = table !== null && words !== null;
    this.#ranking = isThere
      ? new Ranking(table, this.#readView().layer, this.#selection, words)
      : null;
    this.#ranking?.show(this.#selection.state);
  }

  #chooseFromResult(): void {
    const { layer, chosenGid } = this.#readView();
    const isMap = this.#selection.state.origin === 'map';
    if (chosenGid !== null) this.#selection.choose(nameArea(layer, chosenGid), isMap ? 'map' : 'list');
  }

  #readView(): LayersView {
    return readView(this.#result.dataset);
  }

  async #renewLayers(): Promise<void> {
    try {
      const layers = await fetchTileLayers();
      this.#names?.setLayers(layers.areas);
      this.#board?.setLayers(layers);
    } catch (error) {
      console.info('The new addresses of tiles could not be fetched.', error);
    }
  }
}

/** Whether a form says enough to be answered; leads to what it lacks where that is folded away. */
function isAskable(form: HTMLFormElement): boolean {
  const query = readQuery(form);
  const isWithoutAges = query.get('people') === 'ages' && !query.has('from_age') && !query.has('to_age');
  if (isWithoutAges) {
    const youngest = form.elements.namedItem('from_age');
    if (youngest instanceof HTMLInputElement) {
      const fold = youngest.closest('details');
      if (fold !== null) fold.open = true;
      youngest.focus();
    }
  }
  return query.has('category') && !isWithoutAges;
}

/** Whether a link changes what this page shows and is followed in the plain way. */
function isOwn(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  const isHere = link.origin === location.origin && link.pathname === PATH && link.search !== '';
  const isInside = link.hash !== '' && link.search === location.search;
  return isPlain && isHere && !isInside && !link.hasAttribute('download') && link.target === '';
}

/** The box of the place itself: kinds of area with a margin around it have larger ones. */
function findSmallestBox({ areas }: TileLayers): readonly number[] {
  const size = ([west, south, east, north]: readonly [number, number, number, number]): number =>
    (east - west) * (north - south);
  return areas.map(({ bbox }) => bbox).sort((one, other) => size(one) - size(other))[0] ?? [];
}

function findResult(root: ParentNode): HTMLElement {
  const found = root.querySelector<HTMLElement>('[data-layers-result]');
  if (found === null) throw new Error('The page has no result');
  return found;
}
