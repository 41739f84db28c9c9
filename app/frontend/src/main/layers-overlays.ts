// Places and organisations on the map of layers, as the view wants them.
import { fetchCategories, type Category } from '../api/assets.ts';
import { fetchOrganisationCounts, type OrganisationCounts } from '../api/organisations.ts';
import type { AreaNames } from '../map/area-names.ts';
import type { Board } from '../map/board.ts';
import {
  chooseLegendTotals,
  findCircleRadius,
  type AreaTotal,
} from '../map/layers/organisation-layer.ts';
import { showOrganisationSizes } from '../panels/organisation-legend.ts';
import type { LayersView } from '../state/view.ts';

const ALL = 'all';

export class Overlays {
  readonly #board: Board;
  readonly #names: AreaNames;
  #categories: Promise<Category[]> | null = null;
  #byCode = new Map<string, Category>();
  #shown: LayersView | null = null;

  constructor(board: Board, names: AreaNames) {
    this.#board = board;
    this.#names = names;
  }

  findCategory(code: string): Category | null {
    return this.#byCode.get(code) ?? null;
  }

  /** Show the places and organisations of a view, and say in the legend what sizes mean. */
  async show(view: LayersView, result: HTMLElement): Promise<void> {
    this.#shown = view;
    await Promise.all([this.#showAssets(view), this.#showOrganisations(view, result)]);
  }

  async #showAssets(view: LayersView): Promise<void> {
    if (view.categories.length === 0) {
      this.#board.setAssets(null, []);
      return;
    }
    const categories = await this.#loadCategories();
    if (this.#shown === view) this.#board.setAssets(writeQuery(view), categories);
  }

  async #loadCategories(): Promise<Category[]> {
    this.#categories ??= fetchCategories();
    try {
      const categories = await this.#categories;
      this.#byCode = new Map(categories.map((each) => [each.code, each]));
      return categories;
    } catch (error) {
      console.info('Categories could not be fetched: all places look alike.', error);
      this.#categories = null;
      return [];
    }
  }

  async #showOrganisations(view: LayersView, result: HTMLElement): Promise<void> {
    const totals = view.organisations === '' ? [] : await this.#countOrganisations(view);
    if (this.#shown !== view) return;
    this.#board.setOrganisations(totals);
    const legend = result.querySelector<HTMLElement>('[data-legend-organisations]');
    const most = Math.max(0, ...totals.map(({ total }) => total));
    if (legend === null || most === 0) return;
    showOrganisationSizes(legend, chooseLegendTotals(most), (total) => findCircleRadius(total, most));
  }

  async #countOrganisations(view: LayersView): Promise<AreaTotal[]> {
    const layer = view.organisationsLayer === '' ? view.layer : view.organisationsLayer;
    const [areaType = '', year = ''] = layer.split(/-(?=\d+$)/);
    try {
      const [counts, areas] = await Promise.all([
        fetchOrganisationCounts(areaType, Number(year), view.organisations, view.kinds),
        this.#names.list(layer),
      ]);
      const sums = addKinds(counts, view.kinds);
      return [...areas].map(([gid, { lon, lat, name }]) => {
        return { gid, lon, lat, name, total: sums[gid - counts.firstGid] ?? 0 };
      });
    } catch (error) {
      console.info('Organisations could not be counted.', error);
      return [];
    }
  }
}

function writeQuery({ categories, assetFilters }: LayersView): string {
  const query = new URLSearchParams(assetFilters);
  if (!categories.includes(ALL)) {
    for (const code of categories) query.append('category', code);
  }
  return query.toString();
}

function addKinds({ counts }: OrganisationCounts, kinds: readonly string[]): number[] {
  const wanted = Object.entries(counts).filter(([kind]) => kinds.length === 0 || kinds.includes(kind));
  const length = Math.max(0, ...wanted.map(([, each]) => each.length));
  return Array.from({ length }, (_, index) =>
    wanted.reduce((sum, [, each]) => sum + (each[index] ?? 0), 0),
  );
}
