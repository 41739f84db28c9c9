import { AreaNames } from '../../app/frontend/src/map/area-names.ts';
import { GapFigures } from '../../app/frontend/src/map/gap-figures.ts';
import type { AreaLayer } from '../../app/frontend/src/api/tile-layers.ts';

const LAYER: AreaLayer = {
  layer: 'lsoa-2021',
  areaType: 'lsoa',
  boundaryYear: 2021,
  name: 'lsoa',
  plural: 'lsoas',
  count: 4,
  tiles: '',
  version: '1',
  minZoom: 0,
  maxZoom: 14,
  shown: [],
  bbox: [0, 0, 1, 1],
};

async function makeFigures(isDistance: boolean): Promise<GapFigures> {
  const codes = ['Everton', 'Toxteth', 'Hale', 'Speke'];
  const zeros = [0, 0, 0, 0];
  vi.stubGlobal('fetch', () =>
    Promise.resolve(Response.json({ first_gid: 1, codes, names: codes, lon: zeros, lat: zeros, version: '1' })),
  );
  const names = new AreaNames([LAYER], () => undefined);
  await names.list('lsoa-2021');
  const figures = new GapFigures((name, values = {}) => `${name} ${Object.values(values).join('|')}`, names);
  const layer = {
    layer: 'lsoa-2021',
    classes: [5, 0, 14, 1],
    people: [1200, 0, 30, 8],
    beyond: [1200, 0, 30, 0],
    measure: isDistance ? [1284, 50, null, 994] : [0.5, 1, 0, 2],
  };
  figures.setAnswer({ layers: [layer], own: 'lsoa-2021', isDistance, who: 'people' });
  return figures;
}

test('classes are those of the answer, by number, and unknown elsewhere', async () => {
  const shading = (await makeFigures(true)).shade();
  expect([...(shading.classesOf('lsoa-2021') ?? [])]).toEqual([0, 5, 0, 14, 1]);
  expect(shading.classesOf('msoa-2021')).toBeUndefined();
});

test('an area says who is not reached, how far the nearest is, or that nobody lives there', async () => {
  const { describe: say } = (await makeFigures(true)).shade();
  expect(say('lsoa-2021', 1)).toBe('gapDistance Everton|1,200|1,200|people|scaleKm 1.3');
  expect(say('lsoa-2021', 2)).toBe('gapNobody Toxteth');
  expect(say('lsoa-2021', 3)).toBe('gapNothing Hale|30|30|people|');
  expect(say('lsoa-2021', 4)).toBe('gapDistance Speke|0|8|people|scaleM 990');
  expect((await makeFigures(false)).shade().describe('lsoa-2021', 1)).toContain('gapSupply Everton|1,200|1,200|people|0.50');
});

test('before an answer is here everything is plain land', () => {
  const figures = new GapFigures(() => '', new AreaNames([LAYER], () => undefined));
  expect(figures.shade().classesOf('lsoa-2021')).toBeNull();
});
