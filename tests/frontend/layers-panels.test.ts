import { AssetCard } from '../../app/frontend/src/panels/asset-card.ts';
import { fillForm, readAddress, renewForm } from '../../app/frontend/src/panels/layers-form.ts';
import { readFragment, swapResult } from '../../app/frontend/src/panels/layers-result.ts';
import { Ranking } from '../../app/frontend/src/panels/ranking.ts';
import { nameArea, Selection } from '../../app/frontend/src/state/selection.ts';

const words = (name: string, values: Readonly<Record<string, string>> = {}): string =>
  [name, ...Object.values(values)].join(' ');

function show(html: string): HTMLElement {
  document.body.innerHTML = html;
  return document.body;
}

function get<T extends HTMLElement = HTMLElement>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (found === null) throw new Error(`no ${selector}`);
  return found;
}

const FORM = `<form data-layers-form action="/layers">
  <select name="indicator"><option value="a">A</option><option value="b">B</option></select>
  <input type="checkbox" name="category" value="library"><input name="q" value="">
</form>`;

const RESULT = `<div data-layers-result data-indicator="a"><p class="ha-finding">One</p>
  <div data-map-frame data-bbox="1"><canvas id="living"></canvas></div>
  <a id="next" href="/layers?page=2">Next</a></div>`;

test('the address of a question holds what is chosen and nothing empty', () => {
  show(FORM);
  get<HTMLSelectElement>('select').value = 'b';
  get<HTMLInputElement>('[type=checkbox]').checked = true;

  const address = readAddress(get<HTMLFormElement>('form'));

  expect(address.pathname + address.search).toBe('/layers?indicator=b&category=library');
});

test('the way back chooses in the form what the address says', () => {
  show(FORM);

  fillForm(get<HTMLFormElement>('form'), new URLSearchParams('indicator=b&category=library&q=x'));
  expect(readAddress(get<HTMLFormElement>('form')).search).toBe('?indicator=b&category=library&q=x');

  fillForm(get<HTMLFormElement>('form'), new URLSearchParams(''));
  expect(readAddress(get<HTMLFormElement>('form')).search).toBe('?indicator=a');
});

test('a form that is brought up to date keeps the focus', () => {
  show(FORM);
  const form = get<HTMLFormElement>('form');
  get('select').focus();

  const renewed = document.createElement('div');
  renewed.innerHTML = FORM.replace('B<', 'Bee<');
  const given = renewed.querySelector('form');
  if (given !== null) renewForm(form, given);

  expect(document.activeElement).toBe(get('select'));
  expect(get('select').textContent).toContain('Bee');
});

test('a result changes around the map that lives on, with the focus where it was', () => {
  show(RESULT);
  const living = get('#living');
  const frame = get('[data-map-frame]');
  get('#next').focus();
  const { result } = readFragment(
    RESULT.replace('One', 'Two').replace('data-bbox="1"', 'data-bbox="2"').replace('page=2', 'page=3'),
  );

  swapResult(get('[data-layers-result]'), result, frame);

  expect(get('.ha-finding').textContent).toBe('Two');
  expect(get('#living')).toBe(living);
  expect(frame.dataset['bbox']).toBe('2');
  expect(document.querySelectorAll('[data-map-frame]')).toHaveLength(1);
  expect(document.activeElement).toBe(get('#next'));
  expect(get('#next').getAttribute('href')).toBe('/layers?page=3');
});

test('something else than a result is refused', () => {
  expect(() => readFragment('<p>Sign in</p>')).toThrow('result');
});

function showTable(): Selection {
  show(`<table data-ranking><tbody>
    <tr data-gid="1" data-code="E1"><th><a href="/areas/E1">Everton</a></th><td>3</td></tr>
    <tr data-gid="2" data-code="E2"><th><a href="/areas/E2">Toxteth</a></th><td>4</td></tr></tbody></table>`);
  const selection = new Selection();
  const ranking = new Ranking(get('[data-ranking]'), 'lsoa-2021', selection, words);
  selection.listen((state) => {
    ranking.show(state);
  });
  return selection;
}

test('a row points at its area, by pointer and by keyboard', () => {
  const selection = showTable();

  get('[data-gid="2"] td').dispatchEvent(new Event('pointerover', { bubbles: true }));
  expect(selection.state.highlighted).toBe('lsoa-2021/2');
  expect(get('[data-gid="2"]').classList.contains('is-on')).toBe(true);

  get('[data-gid="1"] a').focus();
  expect(selection.state.highlighted).toBe('lsoa-2021/1');
});

test('each row has a named button that chooses its area; its link is left alone', () => {
  const selection = showTable();
  const button = get('[data-gid="2"] button');
  expect(button.getAttribute('aria-label')).toBe('showOnMap Toxteth');

  get('[data-gid="1"] a').addEventListener('click', (event) => {
    event.preventDefault();
  });
  get('[data-gid="1"] a').click();
  expect(selection.state.chosen).toBeNull();

  button.click();
  expect(selection.state).toMatchObject({ chosen: 'lsoa-2021/2', origin: 'list' });
  expect(get('[data-gid="2"]').getAttribute('aria-current')).toBe('true');
});

test('an area chosen on the map marks its row', () => {
  const selection = showTable();

  selection.choose(nameArea('lsoa-2021', 1), 'map');

  expect(get('[data-gid="1"]').classList.contains('is-chosen')).toBe(true);
});

function answerWith(...names: string[]): void {
  const features = names.map((name, id) => ({
    id: String(id),
    properties: { name, categories: ['library'], cost: 'free', organisation: null, address: 'High Street' },
  }));
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ features })));
}

function makeCard(): { readonly card: AssetCard; readonly onClose: () => void } {
  show('');
  const onClose = vi.fn();
  const card = new AssetCard({ words, findCategory: () => null, onClose });
  document.body.append(card.element);
  return { card, onClose };
}

test('a card says what is known, takes the focus, and Escape closes it', async () => {
  answerWith('Library');
  const { card, onClose } = makeCard();

  await card.open([7]);

  expect(card.element.textContent).toContain('High Street');
  expect(card.element.textContent).toContain('costFree');
  expect(document.activeElement?.textContent).toBe('Library');

  card.element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  expect(card.element.hidden).toBe(true);
  expect(onClose).toHaveBeenCalledTimes(1);
});

test('several places at one point are listed', async () => {
  answerWith('Library', 'Choir');
  const { card } = makeCard();

  await card.open([7, 8]);

  expect(document.activeElement?.textContent).toBe('samePlace 2');
  expect([...card.element.querySelectorAll('summary')].map((each) => each.textContent)).toEqual([
    'Library',
    'Choir',
  ]);
});

test('a card that cannot be fetched says so', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('away')));
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const { card } = makeCard();

  await card.open([7]);

  expect(document.activeElement?.textContent).toBe('cardMissing');
});
