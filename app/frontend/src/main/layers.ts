// The page of layers: joins its form, its result, its table and its map through one view.
import { getFragment } from '../api/client.ts';
import { fetchTileLayers, type TileLayers } from '../api/tile-layers.ts';
import { AreaNames } from '../map/area-names.ts';
import { Board } from '../map/board.ts';
import { Figures, type Side } from '../map/figures.ts';
import { Announcer } from '../panels/announcer.ts';
import { AssetCard } from '../panels/asset-card.ts';
import {
  fillForm,
  followForm,
  readAddress,
  readOption,
  readQuery,
  renewForm,
} from '../panels/layers-form.ts';
import { readFragment, swapResult } from '../panels/layers-result.ts';
import { Ranking } from '../panels/ranking.ts';
import { readMapWords, type MapWords } from '../state/map-words.ts';
import { nameArea, readArea, readChosen, Selection, writeChosen } from '../state/selection.ts';
import { foresee, readView, type LayersView } from '../state/view.ts';
import { Overlays } from './layers-overlays.ts';

const AGAIN_MS = 5000;
const PATH = '/layers';
/** Changes of the form this near one another, as by arrow keys, are one step of the way back. */
const ONE_STEP_MS = 2000;

type Step = 'replace' | 'push' | 'none';

/** Bring the page of layers to life; its tables are complete without this. */
export async function startLayers(root: HTMLElement): Promise<void> {
  // A question that cannot be answered has no map: the form then works as any form does.
  if (root.querySelector('[data-map-frame]') === null) return;
  const page = new LayersPage(root);
  page.follow();
  await page.startMap();
}

class LayersPage {
  readonly #root: HTMLElement;
  readonly #form: HTMLFormElement | null;
  readonly #frame: HTMLElement;
  readonly #words: MapWords;
  readonly #says: Announcer;
  readonly #selection = new Selection();
  #result: HTMLElement;
  #view: LayersView;
  #ranking: Ranking | null = null;
  #names: AreaNames | null = null;
  #figures: Figures | null = null;
  #board: Board | null = null;
  #overlays: Overlays | null = null;
  #asking: AbortController | null = null;
  #isRenewing = false;
  #stepped = -Infinity;
  #shown = location.pathname + location.search;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#form = root.querySelector<HTMLFormElement>('[data-layers-form]');
    this.#result = find(root, '[data-layers-result]');
    this.#frame = find(root, '[data-map-frame]');
    this.#words = readMapWords(this.#frame);
    this.#says = new Announcer(root.querySelector('[data-layers-says]'));
    this.#view = readView(this.#result.dataset);
    this.#selection.listen((state) => {
      this.#ranking?.show(state);
      this.#board?.select(state);
      this.#writeChosen(state.chosen);
    });
    this.#readTable();
  }

  /** Follow what is chosen in the form, links that stay here, and the way back. */
  follow(): void {
    const form = this.#form;
    if (form !== null) {
      followForm(form, () => {
        const isOneStep = performance.now() - this.#stepped < ONE_STEP_MS;
        void this.#go(readAddress(form), isOneStep ? 'replace' : 'push', readQuery(form));
      });
    }
    this.#root.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (link === null || !isOwn(link, event) || !this.#result.contains(link)) return;
      event.preventDefault();
      void this.#go(new URL(link.href), 'push');
    });
    addEventListener('popstate', () => {
      if (location.pathname + location.search === this.#shown) return;
      if (form !== null) fillForm(form, new URLSearchParams(location.search));
      void this.#go(new URL(location.href), 'none');
    });
    // Whoever comes back to the page, from adding a place for one, sees what is there by now.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) void this.#board?.refreshAssets();
    });
    addEventListener('hashchange', () => {
      void this.#chooseFromAddress();
    });
  }

  /** Build the map; while the server is away the page stands without it, and this is tried again. */
  async startMap(): Promise<void> {
    let layers: TileLayers | null = null;
    while (layers === null) {
      try {
        layers = await fetchTileLayers();
      } catch (error) {
        console.warn('The layers of the map could not be fetched.', error);
        this.#says.say(this.#words('mapFailed'));
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
    this.#build(layers);
    await this.#colour(this.#view);
    await this.#chooseFromAddress();
  }

  #build(layers: TileLayers): void {
    const words = this.#words;
    const refresh = (): void => {
      this.#board?.refresh();
    };
    this.#names = new AreaNames(layers.areas, refresh);
    const { valuesVersion, areas } = layers;
    const names = this.#names;
    this.#figures = new Figures({ layers: areas, valuesVersion, words, names, onNews: refresh });
    const card = new AssetCard({
      words,
      findCategory: (code) => this.#overlays?.findCategory(code) ?? null,
      onClose: () => {
        this.#board?.focus();
      },
    });
    this.#board = new Board(this.#frame, this.#view, {
      words,
      names,
      figures: this.#figures,
      layers,
      onPoint: (area) => {
        this.#selection.highlight(area);
      },
      onChoose: (area) => {
        this.#selection.choose(area, 'map');
        void this.#sayChosen(area);
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
    this.#root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') card.close();
    });
  }

  /** Colour the map for a view, once its values are here and if it is still wanted. */
  async #colour(view: LayersView): Promise<void> {
    const [figures, board] = [this.#figures, this.#board];
    if (figures === null || board === null) return;
    this.#view = view;
    const sides: Side[] = view.kind === 'beside' ? ['first', 'second'] : [view.kind === 'both' ? 'both' : 'first'];
    const loaded = await Promise.all(sides.map((side) => figures.load(view, side)));
    if (this.#view !== view) return;
    board.show(view);
    board.setTitles(loaded.map((each) => each?.name ?? ''));
    board.select(this.#selection.state);
    await this.#overlays?.show(view, this.#result);
  }

  async #go(address: URL, step: Step, query?: URLSearchParams): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#result.setAttribute('aria-busy', 'true');
    // The colours need not wait for the table: they come from the values themselves.
    if (query !== undefined && this.#form !== null) {
      const newest = {
        indicator: readOption(this.#form, 'indicator', 'period'),
        compare: readOption(this.#form, 'compare', 'period'),
      };
      void this.#colour(foresee(this.#view, query, newest));
    }
    const path = address.pathname + address.search;
    try {
      const { text } = await getFragment(path, 'layers', asking.signal);
      if (asking.signal.aborted) return;
      const { result, form } = readFragment(text);
      swapResult(this.#result, result, this.#frame);
      this.#result = result;
      if (form !== null && this.#form !== null) renewForm(this.#form, form);
    } catch (error) {
      if (asking.signal.aborted) return;
      console.info('The result could not be changed in place; the whole page is asked for.', error);
      location.assign(address);
      return;
    }
    if (step === 'push' && path !== this.#shown) history.pushState(null, '', path);
    else if (step !== 'none') history.replaceState(history.state, '', path);
    this.#shown = path;
    this.#stepped = query === undefined ? -Infinity : performance.now();
    const finding = this.#result.querySelector('.ha-finding')?.textContent.trim() ?? '';
    this.#says.say(this.#words('updated', { finding }));
    this.#readTable();
    const view = readView(this.#result.dataset);
    if (view.chosenGid !== null) {
      this.#selection.choose(nameArea(view.layer, view.chosenGid), 'list');
    }
    if (address.hash === '') this.#writeChosen(this.#selection.state.chosen);
    else this.#goTo(address.hash.slice(1));
    await this.#colour(view);
  }

  /** Lead to a part of the result that a link names. */
  #goTo(id: string): void {
    const part = document.getElementById(id);
    if (part === null || !this.#result.contains(part)) return;
    if (part.tabIndex < 0) part.tabIndex = -1;
    part.scrollIntoView({ block: 'nearest' });
    part.focus({ preventScroll: true });
  }

  #readTable(): void {
    const view = readView(this.#result.dataset);
    const table = this.#result.querySelector<HTMLElement>('[data-ranking]');
    this.#ranking =
      table === null ? null : new Ranking(table, view.layer, this.#selection, this.#words);
    this.#ranking?.show(this.#selection.state);
  }

  /** The server has other tiles by now than the page was made with. */
  async #renewLayers(): Promise<void> {
    // Every tile on its way says so; once is enough.
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    try {
      const layers = await fetchTileLayers();
      this.#names?.setLayers(layers.areas);
      this.#board?.setLayers(layers);
    } catch (error) {
      console.info('The new addresses of tiles could not be fetched.', error);
    } finally {
      this.#isRenewing = false;
    }
  }

  /** Say what was chosen on the map; its name may yet have to come. */
  async #sayChosen(area: string | null): Promise<void> {
    const key = readArea(area);
    if (key === null) return;
    if (this.#board?.describe(area) === '') await this.#names?.locate(key.layer, key.gid);
    if (this.#selection.state.chosen === area) this.#says.say(this.#board?.describe(area) ?? '');
  }

  async #chooseFromAddress(): Promise<void> {
    const { layer, chosenGid } = this.#view;
    const code = readChosen();
    if (code === null) {
      if (chosenGid !== null) this.#selection.choose(nameArea(layer, chosenGid), 'address');
      return;
    }
    const gid = (await this.#names?.find(layer, code)) ?? null;
    const area = gid === null ? (this.#ranking?.findByCode(code) ?? null) : nameArea(layer, gid);
    if (area !== null) this.#selection.choose(area, 'address');
  }

  #writeChosen(area: string | null): void {
    const key = readArea(area);
    const code = key === null ? null : this.#names?.get(key.layer, key.gid)?.code;
    const known = code ?? this.#ranking?.findCode(area) ?? null;
    if (area === null || known !== null) writeChosen(known);
  }
}

/** Whether a link changes what this page shows and is followed in the plain way. */
function isOwn(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  const isHere = link.origin === location.origin && link.pathname === PATH;
  // To another part of what is shown already, the browser finds the way itself.
  const isInside = link.hash !== '' && link.search === location.search;
  return isPlain && isHere && !isInside && !link.hasAttribute('download') && link.target === '';
}

function find(root: ParentNode, selector: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`The page has no ${selector}`);
  return found;
}
