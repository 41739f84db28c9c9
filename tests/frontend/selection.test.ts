import { Selection, readChosen, writeChosen } from '../../app/frontend/src/state/selection.ts';

beforeEach(() => {
  history.replaceState(null, '', '/?q=1');
});

test('every listener hears each change once, in order, with who chose', () => {
  const heard: string[] = [];
  const selection = new Selection();
  selection.listen((state) => heard.push(`first ${String(state.chosen)} ${state.origin}`));
  selection.listen((state) => heard.push(`second ${String(state.highlighted)}`));

  selection.choose('A1', 'map');
  selection.choose('A1', 'list');
  selection.highlight('B2');

  expect(heard).toEqual(['first A1 map', 'second null', 'first A1 map', 'second B2']);
});

test('the chosen area goes into the address, beside what is there, and out again', () => {
  const steps = history.length;

  writeChosen('W 01/ä');
  expect(readChosen()).toBe('W 01/ä');
  expect(location.search).toBe('?q=1');

  writeChosen(null);
  expect(readChosen()).toBeNull();
  expect(history.length).toBe(steps);
});

test.each(['#main', '#area-', '#area-%E0%A4%A', ''])('an address with %s names no area', (hash) => {
  history.replaceState(null, '', `/${hash}`);
  expect(readChosen()).toBeNull();
});
