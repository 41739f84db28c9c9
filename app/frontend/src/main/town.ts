// The page of the place: joins its list, its filter and its map through one selection.
import { fetchOutlines } from '../api/outlines.ts';
import { TownMap } from '../map/town-map.ts';
import { offerFilter } from '../panels/area-filter.ts';
import { AreaList } from '../panels/area-list.ts';
import { MapCaption } from '../panels/map-caption.ts';
import { Selection, readChosen, writeChosen } from '../state/selection.ts';
import { readWords, type Words } from '../state/words.ts';

/** Bring the page of the place to life; its list is complete without this. */
export async function startTown(town: HTMLElement): Promise<void> {
  const words = readWords(document);
  const selection = new Selection();
  const list = new AreaList(find(town, '[data-areas]'), selection);
  const caption = new MapCaption(
    find(town, '[data-caption]'),
    find(town, '[data-announcement]'),
    words,
    (code) => list.describe(code),
  );
  selection.listen((state) => {
    caption.show(state);
    writeChosen(state.chosen);
  });
  let map: TownMap | null = null;
  offerFilter(find(town, '[data-filter]'), list, words, (codes) => map?.showFound(codes));
  try {
    map = await startMap(town, words, selection);
  } catch (error) {
    console.warn('The moving map could not be loaded.', error);
    caption.say(words.mapMissing);
  }
  selection.choose(readChosen(), 'address');
  addEventListener('hashchange', () => {
    selection.choose(readChosen(), 'address');
  });
}

async function startMap(
  town: HTMLElement,
  words: Words,
  selection: Selection,
): Promise<TownMap> {
  const outlines = await fetchOutlines(town.dataset['outlines'] ?? '');
  const map = new TownMap(find(town, '[data-map]'), outlines, {
    words,
    onPoint: (code) => {
      selection.highlight(code);
    },
    onChoose: (code) => {
      selection.choose(code, 'map');
    },
  });
  selection.listen((state) => {
    map.show(state);
  });
  return map;
}

function find(root: ParentNode, selector: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`The page has no ${selector}`);
  return found;
}
