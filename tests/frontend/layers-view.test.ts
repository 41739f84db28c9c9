import { foresee, readView } from '../../app/frontend/src/state/view.ts';
import { readMapWords } from '../../app/frontend/src/state/map-words.ts';
import { nameArea, readArea } from '../../app/frontend/src/state/selection.ts';

const DATA = {
  layer: 'lsoa-2021',
  indicator: 'imd',
  period: '2025',
  compare: 'health',
  view: 'both',
  breaks: 'published',
  cuts: '12.5,30',
  categories: 'library warm-space',
  kinds: 'charity|social enterprise',
};
const NEWEST = { indicator: '2024', compare: '' };

test('a result says what is shown', () => {
  const view = readView(DATA);

  expect(view).toMatchObject({ layer: 'lsoa-2021', kind: 'both', breaks: 'published', chosenGid: null });
  expect(view.cuts).toEqual([12.5, 30]);
  expect(view.categories).toEqual(['library', 'warm-space']);
  expect(view.kinds).toEqual(['charity', 'social enterprise']);
});

test('nothing to compare with is one map, whatever is said', () => {
  expect(readView({ ...DATA, compare: '' }).kind).toBe('one');
});

test('another indicator is foreseen at its newest period, with cuts not known', () => {
  const view = foresee(readView(DATA), new URLSearchParams('indicator=crime&compare=health&view=one'), NEWEST);

  expect(view.first).toEqual({ indicator: 'crime', period: '2024', sex: '', age: '' });
  expect(view.second.indicator).toBe('health');
  expect(view.cuts).toEqual([]);
  expect(view.kind).toBe('one');
});

test('the same indicator keeps its series', () => {
  const form = new URLSearchParams('indicator=imd&period=2025&compare=health&view=both&breaks=equal');
  const view = foresee(readView(DATA), form, NEWEST);

  expect(view.first).toEqual(readView(DATA).first);
  expect(view.breaks).toBe('equal');
});

test('words come from the frame; what it does not say is not said', () => {
  const frame = document.createElement('div');
  frame.dataset['words'] = JSON.stringify({ areaValue: '{name}: {value}' });

  const words = readMapWords(frame);

  expect(words('areaValue', { name: 'Toxteth', value: '3' })).toBe('Toxteth: 3');
  expect(words('other')).toBe('');
  frame.dataset['words'] = '{broken';
  expect(readMapWords(frame)('areaValue')).toBe('');
});

test('areas are called by layer and number', () => {
  expect(readArea(nameArea('lsoa-2021', 12))).toEqual({ layer: 'lsoa-2021', gid: 12 });
  expect(readArea(null)).toBeNull();
  expect(readArea('lsoa-2021/x')).toBeNull();
});
