// A map of one indicator, of places and of organisations: joins the layers, and turns what the
// visitor does on it into areas and places.
import * as L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import type { Category } from '../api/assets.ts';
import type { AreaLayer as AreaSource, AssetLayer as AssetSource } from '../api/tile-layers.ts';
import type { MapWords } from '../state/map-words.ts';
import { nameArea, readArea, type SelectionState } from '../state/selection.ts';
import type { AreaNames } from './area-names.ts';
import { AreaLayer } from './layers/area-layer.ts';
import { AssetLayer } from './layers/asset-layer.ts';
import { BasemapLayer, writeAttribution } from './layers/basemap-layer.ts';
import { HighlightLayer } from './layers/highlight-layer.ts';
import { LabelLayer } from './layers/label-layer.ts';
import { OrganisationLayer, type AreaTotal } from './layers/organisation-layer.ts';
import { createPanes, chooseMapOptions, LARGEST_ZOOM, PANES, SMALLEST_ZOOM } from './map-options.ts';
import { OverlayCanvas, type OverlayView } from './overlay-canvas.ts';
import { readPalette, watchAppearance, type Palette } from './palette.ts';
import { Pointing } from './pointing.ts';
import { keepForPaper } from './printing.ts';
import { Rooms } from './rooms.ts';
import { addScaleBar } from './scale-bar.ts';
import type { Shading } from './shading.ts';
import { listenToWheel } from './wheel.ts';
import { addZoomButtons } from './zoom-buttons.ts';

const LEGIBLE_PX = 20;
const EDGE_PX = 6;

export interface Basemap {
  readonly tiles: string;
  readonly attribution: string;
}

export interface LayersMapOptions {
  readonly source: AreaSource;
  readonly words: MapWords;
  readonly names: AreaNames;
  readonly basemap: Basemap;
  /** Whether places are only dots while much of the whole place is in view. */
  readonly isDotted: boolean;
  /** West, south, east, north. */
  readonly bbox: readonly [number, number, number, number];
  readonly onPoint: (area: string | null) => void;
  readonly onChoose: (area: string | null) => void;
  /** Called with the map numbers of what was pressed. */
  readonly onOpen: (mapNumbers: readonly number[]) => void;
  readonly onStale: () => void;
  readonly onTrouble: (isAway: boolean) => void;
  readonly onBasemap: (isThere: boolean) => void;
  readonly onView: () => void;
}

export class LayersMap {
  readonly leaflet: L.Map;
  readonly element = document.createElement('div');
  readonly #options: LayersMapOptions;
  readonly #areas: AreaLayer;
  readonly #assets: AssetLayer;
  readonly #organisations: OrganisationLayer;
  readonly #highlights: HighlightLayer;
  readonly #labels: LabelLayer;
  readonly #outlines: OverlayCanvas;
  readonly #signs: OverlayCanvas;
  readonly #bounds: L.LatLngBounds;
  readonly #end = new AbortController();
  readonly #redrawSoon = (): void => {
    this.#outlines.drawSoon();
    this.#signs.drawSoon();
  };
  #pointing: Pointing | null = null;
  #palette: Palette;
  #view: OverlayView | null = null;
  #top = 0;
  #panned: string | null = null;
  #isHome = true;
  #isGoingHome = false;
  #isFitting = false;

  constructor(frame: HTMLElement, options: LayersMapOptions) {
    this.#options = options;
    const [west, south, east, north] = options.bbox;
    this.#bounds = L.latLngBounds([south, west], [north, east]);
    this.element.className = 'ha-map__leaflet';
    this.element.setAttribute('role', 'group');
    frame.append(this.element);
    this.#palette = readPalette(this.element);
    this.leaflet = L.map(this.element, chooseMapOptions());
    createPanes(this.leaflet);
    this.leaflet.setMaxBounds(this.#bounds.pad(0.5));
    this.goHome();
    const { signal } = this.#end;
    const countAreas = (layer: string): number => options.names.count(layer);
    this.#areas = new AreaLayer({
      source: options.source,
      palette: this.#palette,
      signal,
      pane: PANES.areas.name,
      countAreas,
      onTrouble: options.onTrouble,
      onStale: options.onStale,
      onTiles: this.#redrawSoon,
    });
    this.#highlights = new HighlightLayer(this.#palette);
    this.#labels = new LabelLayer(this.#palette, options.words, countAreas);
    this.#organisations = new OrganisationLayer(this.#palette);
    this.#assets = new AssetLayer({
      isDotted: options.isDotted,
      palette: this.#palette,
      signal,
      onTrouble: options.onTrouble,
      onTiles: this.#redrawSoon,
    });
    this.#outlines = new OverlayCanvas(PANES.outlines.name, [
      (view) => {
        this.#highlights.paint(view, this.#areas.listSourceTiles(this.leaflet));
      },
    ]);
    this.#signs = new OverlayCanvas(PANES.signs.name, [
      (view) => {
        this.#paintSigns(view);
      },
    ]);
    this.#areas.addTo(this.leaflet);
    this.#outlines.addTo(this.leaflet);
    this.#signs.addTo(this.leaflet);
    this.#addControls(frame);
    this.#listen();
  }

  /** What it is a map of, for those who do not see it. */
  setLabel(label: string): void {
    this.element.setAttribute('aria-label', label);
  }

  /** Keep the whole place clear of what is written over the map's upper edge. */
  setTop(pixels: number): void {
    if (pixels === this.#top) return;
    this.#top = pixels;
    if (this.#isHome) this.goHome();
  }

  setSource(source: AreaSource): void {
    this.#areas.setSource(source);
  }

  get shownLayer(): string {
    return this.#areas.shownAt(this.leaflet.getZoom());
  }

  setShading(shading: Shading): void {
    this.#areas.setShading(shading);
    this.#pointing?.setShading(shading);
  }

  setAssets(source: AssetSource | null, query: string, categories: readonly Category[]): void {
    if (this.#assets.setSource(source, query, categories)) void this.#assets.update(this.leaflet);
  }

  /** Ask again for the places of a box (west, south, east, north), or of everywhere. */
  async refreshAssets(box?: readonly [number, number, number, number]): Promise<void> {
    const bounds = box === undefined ? null : L.latLngBounds([box[1], box[0]], [box[3], box[2]]);
    this.#assets.forget(({ z, x, y }) => {
      if (bounds === null) return true;
      const corners = [L.point(x, y), L.point(x + 1, y + 1)].map((each) =>
        L.CRS.EPSG3857.pointToLatLng(each.multiplyBy(256), z),
      );
      return L.latLngBounds(corners).intersects(bounds);
    });
    await this.#assets.update(this.leaflet);
  }

  setOrganisations(totals: readonly AreaTotal[]): void {
    this.#organisations.setTotals(totals);
    this.#signs.drawSoon();
  }

  /** Outline what is pointed at and chosen, and bring into view what was chosen elsewhere. */
  show({ highlighted, chosen, origin }: SelectionState): void {
    if (this.#highlights.show(highlighted, chosen)) this.#outlines.drawSoon();
    if (chosen !== null && chosen !== this.#panned && origin !== 'map') void this.panTo(chosen);
    this.#panned = chosen;
  }

  async panTo(area: string): Promise<void> {
    const key = readArea(area);
    const named = key === null ? null : await this.#options.names.locate(key.layer, key.gid);
    if (named === null || this.#panned !== area) return;
    const place = L.latLng(named.lat, named.lon);
    const zoom = this.leaflet.getZoom();
    // One of hundreds is a speck from afar: come near enough to see it, and no nearer.
    const steps = Math.ceil(Math.log2(LEGIBLE_PX / this.#areas.measureAt(zoom)));
    const inner = this.leaflet.getBounds().pad(-0.15);
    if (steps > 0) this.leaflet.setView(place, Math.min(LARGEST_ZOOM, zoom + steps));
    else if (!inner.contains(place)) this.leaflet.panTo(place);
  }

  /** While it takes its room it moves, but nobody has moved it. */
  get isFitting(): boolean {
    return this.#isFitting;
  }

  get isHome(): boolean {
    return this.#isHome;
  }

  /** Show what another map shows, without moving it in turn. */
  follow(other: LayersMap): void {
    this.takeRoom();
    this.leaflet.setView(other.leaflet.getCenter(), other.leaflet.getZoom(), { animate: false });
    this.#settle(other.isHome);
  }

  /** Take the room there is now; returns whether it is other than before. */
  takeRoom(): boolean {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth === 0 || this.leaflet.getSize().equals([clientWidth, clientHeight])) return false;
    this.#isFitting = true;
    this.leaflet.invalidateSize({ animate: false, pan: false });
    this.#isFitting = false;
    return true;
  }

  goHome(): void {
    this.leaflet.setMinZoom(SMALLEST_ZOOM);
    this.leaflet.setMaxZoom(LARGEST_ZOOM);
    // Known before it moves: a map that follows asks on the way.
    this.#isHome = true;
    this.#isGoingHome = true;
    this.leaflet.fitBounds(this.#bounds, {
      animate: false,
      paddingTopLeft: [EDGE_PX, EDGE_PX + this.#top],
      paddingBottomRight: [EDGE_PX, EDGE_PX],
    });
    this.#isGoingHome = false;
    this.leaflet.setMinZoom(Math.max(SMALLEST_ZOOM, this.leaflet.getZoom() - 2));
    this.#settle(true);
  }

  /** How many areas there are in view, and how many of them have no figure. */
  countAreas(shading: Shading): { readonly all: number; readonly none: number } {
    const gids = new Set<number>();
    let classes: ReturnType<Shading['classesOf']>;
    for (const { tile } of this.#areas.listSourceTiles(this.leaflet)) {
      for (const gid of tile.gids) gids.add(gid);
      classes = shading.classesOf(tile.layer);
    }
    if (classes === null) return { all: gids.size, none: 0 };
    return { all: gids.size, none: [...gids].filter((gid) => !classes?.[gid]).length };
  }

  remove(): void {
    this.#end.abort();
    this.leaflet.remove();
    this.element.remove();
  }

  #addControls(frame: HTMLElement): void {
    keepForPaper(this.element, frame, this.#end.signal);
    const { words, basemap } = this.#options;
    addZoomButtons(
      this.leaflet,
      frame,
      { zoomIn: words('zoomIn'), zoomOut: words('zoomOut') },
      {
        name: words('wholePlace'),
        show: () => {
          this.goHome();
        },
      },
    );
    addScaleBar(this.leaflet, frame, words);
    if (basemap.tiles === '') return;
    const attribution = writeAttribution(basemap.attribution);
    frame.append(attribution);
    new BasemapLayer(this.leaflet, {
      tiles: basemap.tiles,
      pane: PANES.basemap.name,
      signal: this.#end.signal,
      onChange: (isThere) => {
        frame.classList.toggle('has-basemap', isThere);
        attribution.hidden = !isThere;
        this.#options.onBasemap(isThere);
      },
    });
  }

  #listen(): void {
    const { onPoint, onChoose, onOpen, onView, words, names } = this.#options;
    this.#pointing = new Pointing(this.leaflet, {
      words,
      names,
      areas: this.#areas,
      assets: this.#assets,
      organisations: this.#organisations,
      labels: this.#labels,
      toCanvas: (point) => point.add(this.#view?.frame.min ?? L.point(0, 0)),
      onPoint: (area) => {
        onPoint(area === null ? null : nameArea(area.layer, area.gid));
      },
      onChoose: (area) => {
        onChoose(area === null ? null : nameArea(area.layer, area.gid));
      },
      onOpen,
      redraw: () => {
        this.#signs.drawSoon();
      },
    });
    this.leaflet.on('moveend', () => {
      if (!this.#isFitting) this.#settle(this.#isGoingHome);
      void this.#assets.update(this.leaflet);
      onView();
    });
    watchAppearance(() => {
      this.#readColours();
    }, this.#end.signal);
    listenToWheel(this.leaflet);
    this.#keepFitting();
  }

  #readColours(): void {
    this.#palette = readPalette(this.element);
    for (const layer of [this.#assets, this.#organisations, this.#highlights, this.#labels]) {
      layer.setPalette(this.#palette);
    }
    this.#areas.setPalette(this.#palette);
    // At once, not in the next frame: what is about to be printed has none.
    this.#outlines.draw();
    this.#signs.draw();
  }

  #paintSigns(view: OverlayView): void {
    this.#view = view;
    const rooms = new Rooms();
    this.#assets.place(view, rooms);
    this.#organisations.paint(view);
    const counts = this.#assets.listAreaCounts(view.zoom);
    this.#assets.paint(view);
    this.#labels.paint(view, this.#areas.listSourceTiles(this.leaflet), counts, rooms);
  }

  /** While the whole place is in view, a finger on the map scrolls the page, as elsewhere. */
  #settle(isHome: boolean): void {
    this.#isHome = isHome;
    if (isHome && matchMedia('(pointer: coarse)').matches) this.leaflet.dragging.disable();
    else this.leaflet.dragging.enable();
  }

  #keepFitting(): void {
    let waiting = 0;
    const observer = new ResizeObserver(() => {
      // In the next frame, because changing sizes inside the notice would raise it again.
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        if (this.takeRoom() && this.#isHome) this.goHome();
      });
    });
    observer.observe(this.element);
    this.#end.signal.addEventListener('abort', () => {
      observer.disconnect();
    });
  }
}
