import { offerFilter } from '../../app/frontend/src/panels/area-filter.ts';
import { AreaList } from '../../app/frontend/src/panels/area-list.ts';
import { MapCaption } from '../../app/frontend/src/panels/map-caption.ts';
import { Selection } from '../../app/frontend/src/state/selection.ts';
import { fill, readWords, type Words } from '../../app/frontend/src/state/words.ts';

const words: Words = {
  zoomIn: 'in',
  zoomOut: 'out',
  mapMissing: 'no map',
  found: '{count} of {total}',
  foundNone: 'none',
  showInList: 'to the list',
};

function row(code: string, name: string): string {
  return `<tr id="area-${code}" data-area="${code}" data-name="${name}" data-says="${name} says">
    <th><a href="#area-${code}">${name}</a></th></tr>`;
}

function district(code: string, name: string, rows: string): string {
  return `<li><details id="area-${code}" data-district="${code}" data-name="${name}" data-says="${name} says">
    <summary><span>${name}</span></summary><table><tbody>${rows}</tbody></table></details></li>`;
}

function get(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(selector);
  return found;
}

function setUp(): { list: AreaList; selection: Selection } {
  document.body.innerHTML = `
    <p data-caption>resting</p><p data-announcement></p>
    <div data-filter hidden><input><p data-filter-says></p></div>
    <ul data-areas>
      ${district('D1', 'Côte and Quay', row('A1', 'North 1') + row('A2', 'North 2'))}
      ${district('D2', 'Market', row('A3', 'Abbey'))}
    </ul>`;
  document.documentElement.lang = 'en-GB';
  // jsdom has no layout, and so nothing to scroll.
  Element.prototype.scrollIntoView = vi.fn();
  const selection = new Selection();
  return { list: new AreaList(get('[data-areas]'), selection), selection };
}

function visibleAreas(): string[] {
  return [...document.querySelectorAll<HTMLElement>('[data-area]:not([hidden])')].map(
    (each) => each.dataset['area'] ?? '',
  );
}

describe('the list', () => {
  test('points at an area while the pointer or the focus is on it', () => {
    const { selection } = setUp();
    get('#area-A1 a').dispatchEvent(new Event('pointerover', { bubbles: true }));
    expect(selection.state.highlighted).toBe('A1');
    get('#area-D2 summary').dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
    expect(selection.state.highlighted).toBe('D2');
    get('#area-D2 summary').dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
    expect(selection.state.highlighted).toBeNull();
  });

  test('chooses an area without making the page jump', () => {
    const { selection } = setUp();
    const click = new MouseEvent('click', { bubbles: true, cancelable: true });
    get('#area-A3 a').dispatchEvent(click);
    expect(click.defaultPrevented).toBe(true);
    expect(selection.state).toMatchObject({ chosen: 'A3', origin: 'list' });
    expect(get('#area-A3 a').getAttribute('aria-current')).toBe('true');
    expect(Element.prototype.scrollIntoView).not.toHaveBeenCalled();
  });

  test('opens the district of an area chosen on the map and brings it into view', () => {
    const { selection } = setUp();
    selection.choose('A2', 'map');
    expect(get('#area-D1')).toHaveProperty('open', true);
    expect(get('#area-A2').classList.contains('is-chosen')).toBe(true);
    expect(Element.prototype.scrollIntoView).toHaveBeenCalledOnce();
  });

  test('knows what to say of areas and districts, and nothing of others', () => {
    const { list } = setUp();
    expect(list.describe('A1')).toBe('North 1 says');
    expect(list.describe('D2')).toBe('Market says');
    expect(list.describe('Z9')).toBeNull();
  });
});

describe('the filter', () => {
  function type(text: string): void {
    const box = get('input') as HTMLInputElement;
    box.value = text;
    box.dispatchEvent(new Event('input'));
  }

  test('finds names of neighbourhoods and districts whatever the accents and capitals', () => {
    const { list } = setUp();
    const told = vi.fn();
    offerFilter(get('[data-filter]'), list, words, told);
    expect(get('[data-filter]').hidden).toBe(false);

    type('COTE');
    expect(visibleAreas()).toEqual(['A1', 'A2']);
    expect(get('[data-filter-says]').textContent).toBe('2 of 3');
    expect(told).toHaveBeenLastCalledWith(new Set(['A1', 'A2']));
    expect(get('#area-D1')).toHaveProperty('open', true);
    expect(get('#area-D2').closest('li')).toHaveProperty('hidden', true);

    type('zebra');
    expect(visibleAreas()).toEqual([]);
    expect(get('[data-filter-says]').textContent).toBe('none');
  });

  test('gives back the list as the visitor had it', () => {
    const { list } = setUp();
    const told = vi.fn();
    offerFilter(get('[data-filter]'), list, words, told);
    get('#area-D2').setAttribute('open', '');

    type('north');
    expect(get('#area-D1')).toHaveProperty('open', true);
    type('');

    expect(visibleAreas()).toEqual(['A1', 'A2', 'A3']);
    expect(get('#area-D1')).toHaveProperty('open', false);
    expect(get('#area-D2')).toHaveProperty('open', true);
    expect(told).toHaveBeenLastCalledWith(null);
    expect(get('[data-filter-says]').textContent).toBe('');
  });
});

describe('the caption', () => {
  test('shows what is pointed at, and speaks only of choices made on the map', () => {
    const { list, selection } = setUp();
    const caption = new MapCaption(get('[data-caption]'), get('[data-announcement]'), words, (code) =>
      list.describe(code),
    );
    selection.listen((state) => {
      caption.show(state);
    });

    selection.highlight('A1');
    expect(get('[data-caption]').textContent).toBe('North 1 says');
    expect(get('[data-announcement]').textContent).toBe('');

    selection.highlight(null);
    expect(get('[data-caption]').textContent).toBe('resting');

    selection.choose('A3', 'map');
    expect(get('[data-announcement]').textContent).toBe('Abbey says');
    get('[data-caption] a').click();
    expect(document.activeElement).toBe(get('#area-A3 a'));
  });
});

describe('words', () => {
  test('come from the page, and a missing one is named', () => {
    document.body.innerHTML = `<script type="application/json" id="words">${JSON.stringify(words)}</script>`;
    expect(readWords(document)).toEqual(words);
    document.body.innerHTML = '<script type="application/json" id="words">{"zoomIn": "in"}</script>';
    expect(() => readWords(document)).toThrow('zoomOut');
  });

  test('are filled by name, and an unknown mark stays', () => {
    expect(fill('{a} of {b} {c}', { a: '1', b: '2' })).toBe('1 of 2 {c}');
  });
});
