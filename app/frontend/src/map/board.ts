// The frame of the page with one map in it, or two that move together.
import type * as L from 'leaflet';
import type { Category } from '../api/assets.ts';
import type { AreaLayer as AreaSource, TileLayers } from '../api/tile-layers.ts';
import type { MapWords } from '../state/map-words.ts';
import { readArea, type SelectionState } from '../state/selection.ts';
import type { LayersView } from '../state/view.ts';
import type { AreaNames } from './area-names.ts';
import { LayersMap, type LayersMapOptions } from './layers-map.ts';
import type { AreaTotal } from './layers/organisation-layer.ts';
import { PLAIN, type Shader, type Shading, type Side } from './shading.ts';

export interface BoardOptions {
  readonly words: MapWords;
  readonly names: AreaNames;
  readonly figures: Shader;
  readonly layers: TileLayers;
  readonly onPoint: (area: string | null) => void;
  readonly onChoose: (area: string | null) => void;
  readonly onOpen: (mapNumbers: readonly number[]) => void;
  readonly onStale: () => void;
  /** The row of an area in the table, if it has one there. */
  readonly findRow: (area: string) => HTMLElement | null;
  /** Called when something else is in view or shown. */
  readonly onView: () => void;
}

interface Pane {
  readonly map: LayersMap;
  readonly holder: HTMLElement;
  readonly caption: HTMLElement;
  side: Side;
  title: string;
  shading: Shading;
}

export class Board {
  /** What lives on while the page around it changes. */
  readonly element = document.createElement('div');
  readonly #options: BoardOptions;
  readonly #panes: Pane[] = [];
  readonly #frame: HTMLElement;
  readonly #holder = document.createElement('div');
  readonly #chosen = document.createElement('p');
  readonly #note = document.createElement('p');
  readonly #troubles = { basemap: false, tiles: false };
  #layers: TileLayers;
  #view: LayersView;
  #selected: string | null = null;
  #isFollowing = false;

  constructor(frame: HTMLElement, view: LayersView, options: BoardOptions) {
    this.#options = options;
    this.#frame = frame;
    this.#layers = options.layers;
    this.#view = view;
    this.element.className = 'ha-board';
    this.#holder.className = 'ha-board__maps';
    this.#note.className = 'ha-board__note';
    this.#note.hidden = true;
    this.#chosen.className = 'ha-board__chosen';
    this.#chosen.hidden = true;
    this.element.append(this.#holder, this.#chosen, this.#note);
    frame.append(this.element);
    frame.classList.add('is-live', 'ha-map--layers');
    this.#setPanes(view);
  }

  /** Colour at once for a view whose values are here; panes come and go as it needs. */
  show(view: LayersView): void {
    this.#view = view;
    this.#setPanes(view);
    const source = this.#findSource(view.layer);
    for (const pane of this.#panes) {
      if (source !== null) pane.map.setSource(source);
      pane.shading = this.#options.figures.shade(view, pane.side);
      pane.map.setShading(pane.shading);
    }
    this.#say();
    this.#sayChosen();
  }

  /** Write above each map what it is of, once its name is known. */
  setTitles(titles: readonly string[]): void {
    this.#panes.forEach((pane, index) => {
      const { caption, map } = pane;
      const title = titles[index] ?? '';
      pane.title = title;
      caption.textContent = this.#panes.length > 1 ? title : '';
      caption.hidden = this.#panes.length < 2;
      map.setTop(caption.offsetHeight);
      const { words } = this.#options;
      map.setLabel(title === '' ? words('mapLabelPlain') : words('mapLabel', { indicator: title }));
    });
  }

  /** Paint again: values or names have come. */
  refresh(): void {
    for (const { map, shading } of this.#panes) map.setShading(shading);
    this.#say();
    this.#sayChosen();
  }

  setLayers(layers: TileLayers): void {
    this.#layers = layers;
    this.show(this.#view);
  }

  setAssets(query: string | null, categories: readonly Category[]): void {
    for (const { map } of this.#panes) {
      map.setAssets(query === null ? null : this.#layers.assets, query ?? '', categories);
    }
  }

  setOrganisations(totals: readonly AreaTotal[]): void {
    for (const { map } of this.#panes) map.setOrganisations(totals);
  }

  /** Ask again for the places of a box (west, south, east, north), or of everywhere. */
  async refreshAssets(box?: readonly [number, number, number, number]): Promise<void> {
    await Promise.all(this.#panes.map(({ map }) => map.refreshAssets(box)));
  }

  select(state: SelectionState): void {
    for (const { map } of this.#panes) map.show(state);
    this.#selected = state.chosen;
    this.#sayChosen();
  }

  /** What is known of an area, on each of the maps. */
  describe(area: string | null): string {
    const key = readArea(area);
    if (key === null) return '';
    const said = this.#panes.map(({ shading, title }) => {
      const text = shading.describe(key.layer, key.gid);
      return this.#panes.length > 1 && text !== '' && title !== '' ? `${title}: ${text}` : text;
    });
    return said.filter((each) => each !== '').join('; ');
  }

  /** The first of its maps, for what else is to lie on it. */
  get leaflet(): L.Map | null {
    return this.#panes[0]?.map.leaflet ?? null;
  }

  focus(): void {
    this.#panes[0]?.map.element.focus();
  }

  /** What is in view, in a sentence. */
  summarise(): string {
    const [pane] = this.#panes;
    if (pane === undefined) return '';
    const { words } = this.#options;
    const { all, none } = pane.map.countAreas(pane.shading);
    const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
    const values = {
      indicator: this.#panes.map(({ title }) => title).join('; '),
      count: number.format(all),
      none: number.format(none),
      areas: this.#findSource(pane.map.shownLayer)?.plural ?? '',
    };
    return words(this.#view.first.indicator === '' ? 'summaryPlain' : 'summary', values);
  }

  /** The chosen area in words under the map, because a finger has no pointer to rest on it. */
  #sayChosen(): void {
    const { words, findRow } = this.#options;
    const sentence = this.describe(this.#selected);
    this.#chosen.hidden = sentence === '';
    if (this.#chosen.firstChild?.textContent === sentence) return;
    this.#chosen.textContent = sentence;
    const row = this.#selected === null ? null : findRow(this.#selected);
    if (row === null || sentence === '' || words('showInList') === '') return;
    const way = document.createElement('button');
    way.type = 'button';
    way.className = 'ha-board__way';
    way.textContent = words('showInList');
    way.addEventListener('click', () => {
      row.scrollIntoView({ block: 'center' });
      (row.querySelector('a') ?? row).focus({ preventScroll: true });
    });
    this.#chosen.append(' ', way);
  }

  #findSource(layer: string): AreaSource | null {
    return this.#layers.areas.find((each) => each.layer === layer) ?? null;
  }

  #setPanes(view: LayersView): void {
    const sides: Side[] = view.kind === 'beside' ? ['first', 'second'] : [view.kind === 'both' ? 'both' : 'first'];
    const isHome = this.#panes[0]?.map.isHome ?? true;
    const before = this.#panes.length;
    while (this.#panes.length > sides.length) {
      const pane = this.#panes.pop();
      pane?.map.remove();
      pane?.holder.remove();
    }
    for (const [index, side] of sides.entries()) {
      const pane = this.#panes[index] ?? this.#addPane(side);
      pane.side = side;
    }
    this.#holder.classList.toggle('is-beside', sides.length > 1);
    if (before === sides.length) return;
    for (const { map } of this.#panes) map.takeRoom();
    if (isHome) this.#panes[0]?.map.goHome();
  }

  #addPane(side: Side): Pane {
    const source = this.#findSource(this.#view.layer) ?? this.#layers.areas.at(-1);
    if (source === undefined) throw new Error('There are no areas to draw');
    const holder = document.createElement('div');
    holder.className = 'ha-board__map';
    const caption = document.createElement('p');
    caption.className = 'ha-board__title';
    caption.hidden = true;
    holder.append(caption);
    this.#holder.append(holder);
    const map = new LayersMap(holder, this.#writeMapOptions(source));
    const [first] = this.#panes;
    if (first !== undefined) {
      map.follow(first.map);
    }
    const pane: Pane = { map, holder, caption, side, title: '', shading: PLAIN };
    this.#panes.push(pane);
    map.leaflet.on('move', () => {
      this.#moveOthers(pane);
    });
    return pane;
  }

  #writeMapOptions(source: AreaSource): LayersMapOptions {
    const { words, names, onPoint, onChoose, onOpen, onStale, onView } = this.#options;
    const { basemap = '', basemapAttribution = '', bbox = '', places = '' } = this.#frame.dataset;
    return {
      source,
      words,
      names,
      basemap: { tiles: basemap, attribution: basemapAttribution },
      isDotted: places === 'dots',
      bbox: readBox(bbox) ?? source.bbox,
      onPoint,
      onChoose,
      onOpen,
      onStale,
      onTrouble: (isAway) => {
        this.#troubles.tiles = isAway;
        this.#say();
      },
      onBasemap: (isThere) => {
        this.#troubles.basemap = !isThere;
        this.#say();
      },
      onView: () => {
        this.#say();
        onView();
      },
    };
  }

  #moveOthers(moved: Pane): void {
    if (this.#isFollowing || moved.map.isFitting) return;
    this.#isFollowing = true;
    for (const pane of this.#panes) {
      if (pane === moved) continue;
      pane.map.follow(moved.map);
    }
    this.#isFollowing = false;
  }

  /** What a visitor should know of the picture: what is missing, or that it shows larger areas. */
  #say(): void {
    const { words } = this.#options;
    const sentences: string[] = [];
    if (this.#troubles.tiles) sentences.push(words('tilesMissing'));
    if (this.#troubles.basemap) sentences.push(words('basemapMissing'));
    const shown = this.#panes[0]?.map.shownLayer ?? this.#view.layer;
    const [coarse, fine] = [this.#findSource(shown), this.#findSource(this.#view.layer)];
    if (shown !== this.#view.layer && coarse !== null && fine !== null) {
      sentences.push(words('coarser', { areas: coarse.plural, finer: fine.plural }));
    }
    const text = sentences.filter((each) => each !== '').join(' ');
    if (this.#note.textContent !== text) this.#note.textContent = text;
    this.#note.hidden = text === '';
  }
}

function readBox(text: string): [number, number, number, number] | null {
  const [west, south, east, north] = text.split(',').map(Number);
  const box = [west, south, east, north].every((each) => each !== undefined && Number.isFinite(each));
  return box && text !== '' ? [west ?? 0, south ?? 0, east ?? 0, north ?? 0] : null;
}
