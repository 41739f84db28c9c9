import { AreaNames } from '../../app/frontend/src/map/area-names.ts';
import { Figures } from '../../app/frontend/src/map/figures.ts';
import type { AreaLayer } from '../../app/frontend/src/api/tile-layers.ts';
import { readView } from '../../app/frontend/src/state/view.ts';

function makeLayer(layer: string, areaType: string): AreaLayer {
  return {
    layer,
    areaType,
    boundaryYear: 2021,
    name: areaType,
    plural: `${areaType}s`,
    count: 3,
    tiles: '',
    version: '1',
    minZoom: 0,
    maxZoom: 14,
    shown: [],
    bbox: [0, 0, 1, 1],
  };
}

const LAYERS = [makeLayer('lsoa-2021', 'lsoa'), makeLayer('msoa-2021', 'msoa')];
const VIEW = readView({ layer: 'lsoa-2021', indicator: 'imd', breaks: 'quantile' });

function serve(measure: string): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    if (path.includes('/names')) {
      const names = ['Everton', 'Toxteth', 'Hale'];
      return Promise.resolve(
        Response.json({ first_gid: 1, codes: names, names, lon: [0, 0, 0], lat: [0, 0, 0], version: '1' }),
      );
    }
    if (path.includes('version=old')) {
      return Promise.resolve(Response.json({ current_version: 'new' }, { status: 404 }));
    }
    const indicator = { name: 'Deprivation', unit: '%', measure, decimals: 1 };
    const values = path.includes('area_type=msoa') ? [9, 1] : [1, 9, null];
    const statuses = { 3: 'suppressed' };
    const halves = { edges: [5], needs: [1, 5] };
    const published = { ...halves, levels: ['least', 'most'], exceptions: { 1: 5 } };
    const thirds = { edges: [4, 6], needs: [1, 2, 3] };
    const breaks = { quantile: halves, equal: halves, published, thirds, published_thirds: null };
    return Promise.resolve(
      Response.json({ indicator, period: '2025', first_gid: 1, values, statuses, breaks }),
    );
  });
  return asked;
}

function make(version = 'new'): { readonly figures: Figures; readonly names: AreaNames } {
  const names = new AreaNames(LAYERS, () => undefined);
  const words = (name: string, given: Readonly<Record<string, string>> = {}): string =>
    [name, ...Object.values(given)].join('|');
  const figures = new Figures({
    layers: LAYERS,
    valuesVersion: version,
    words,
    names,
    onNews: () => undefined,
  });
  return { figures, names };
}

test('an area is coloured and described by its value, a suppressed one said to be so', async () => {
  serve('share');
  const { figures, names } = make();
  await figures.load(VIEW, 'first');
  await names.list('lsoa-2021');

  const shading = figures.shade(VIEW, 'first');

  expect([...(shading.classesOf('lsoa-2021') ?? [])]).toEqual([0, 1, 5, 0]);
  expect(shading.describe('lsoa-2021', 2)).toBe('areaValue|Toxteth|unit|9|%');
  expect(shading.describe('lsoa-2021', 3)).toBe('areaSuppressed|Hale');
});

test('larger areas wait hatched for their own values, which are asked for once', async () => {
  const asked = serve('share');
  const { figures } = make();
  await figures.load(VIEW, 'first');
  const shading = figures.shade(VIEW, 'first');

  expect(shading.classesOf('msoa-2021')).toBeUndefined();
  expect(shading.classesOf('msoa-2021')).toBeUndefined();
  await vi.waitFor(() => {
    expect([...(shading.classesOf('msoa-2021') ?? [])]).toEqual([0, 5, 1]);
  });
  expect(asked.filter((path) => path.includes('area_type=msoa'))).toHaveLength(1);
});

test('ranks of larger areas are other ranks, and so stay hatched', async () => {
  serve('rank');
  const { figures } = make();
  await figures.load(VIEW, 'first');
  await figures.load({ ...VIEW, layer: 'msoa-2021' }, 'first');

  expect(figures.shade(VIEW, 'first').classesOf('msoa-2021')).toBeUndefined();
});

test('without an indicator all is plain land', () => {
  const { figures } = make();

  expect(figures.shade(readView({ layer: 'lsoa-2021' }), 'first').classesOf('lsoa-2021')).toBeNull();
});

test('values of another version are asked for at the current one', async () => {
  const asked = serve('share');
  const { figures } = make('old');

  const found = await figures.load(VIEW, 'first');

  expect(found?.name).toBe('Deprivation');
  expect(asked.map((path) => /version=(\w+)/.exec(path)?.[1])).toEqual(['old', 'new']);
});

test('published classes are named, and follow the tenth rather than the rounded value', async () => {
  serve('share');
  const { figures, names } = make();
  const view = readView({ layer: 'lsoa-2021', indicator: 'imd', breaks: 'published' });
  await figures.load(view, 'first');
  await names.list('lsoa-2021');

  const shading = figures.shade(view, 'first');

  expect([...(shading.classesOf('lsoa-2021') ?? [])]).toEqual([0, 5, 5, 0]);
  expect(shading.describe('lsoa-2021', 1)).toBe('areaLevel|Everton|unit|1|%|most');
});

test('two indicators at once are named and classed together', async () => {
  serve('share');
  const { figures, names } = make();
  const view = readView({ layer: 'lsoa-2021', indicator: 'imd', compare: 'health', view: 'both', cuts: '4,6' });
  await figures.load(view, 'both');
  await names.list('lsoa-2021');

  const shading = figures.shade(view, 'both');

  // 11, 33 and none, as numbers.
  expect([...(shading.classesOf('lsoa-2021') ?? [])]).toEqual([0, 6, 14, 0]);
  expect(shading.describe('lsoa-2021', 3)).toBe('areaBoth|Hale|Deprivation|noFigure|Deprivation|noFigure');
});
