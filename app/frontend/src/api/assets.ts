// Categories as they are drawn, and the cards of places by the number they have on the map.
import { getJson } from './client.ts';
import { isShape, isTexts, readList, readText, type Shape } from './shapes.ts';

export interface Category {
  readonly code: string;
  readonly name: string;
  readonly number: number;
  readonly shape: string;
  /** Token of the style sheet, such as cat-lib. */
  readonly colour: string;
}

export interface Card {
  readonly id: string;
  readonly name: string;
  readonly categories: readonly string[];
  readonly runBy: string;
  readonly address: string;
  readonly hours: string;
  readonly cost: string;
  readonly costWords: string;
  readonly alert: string;
  readonly source: string;
}

const MOST_CARDS = 100;

export async function fetchCategories(): Promise<Category[]> {
  const answer = await getJson('/api/v1/categories');
  const list: Shape = Array.isArray(answer) ? { items: answer } : isShape(answer) ? answer : {};
  return readList(list, 'items', (each) => ({
    code: readText(each, 'code'),
    name: readText(each, 'name'),
    number: typeof each['number'] === 'number' ? each['number'] : -1,
    shape: readText(each, 'shape'),
    colour: readText(each, 'colour'),
  }));
}

/** Fetch what a list says of these places; some may have gone meanwhile. */
export async function fetchCards(mapNumbers: readonly number[], signal?: AbortSignal): Promise<Card[]> {
  const query = new URLSearchParams({ limit: String(MOST_CARDS) });
  for (const each of mapNumbers.slice(0, MOST_CARDS)) query.append('map_number', String(each));
  const path = `/api/v1/assets?${query.toString()}`;
  const answer = await getJson(path, signal);
  if (!isShape(answer)) throw new TypeError(`${path} did not answer with places`);
  return readList(answer, 'features', readCard);
}

function readCard(feature: Shape): Card {
  const properties = isShape(feature['properties']) ? feature['properties'] : {};
  const text = (name: string): string => {
    const value = properties[name];
    return typeof value === 'string' ? value : '';
  };
  const { organisation, categories } = properties;
  return {
    id: typeof feature['id'] === 'string' ? feature['id'] : '',
    name: text('name'),
    categories: isTexts(categories) ? categories : [],
    runBy: isShape(organisation) ? readText(organisation, 'name') : '',
    address: [text('address'), text('postcode')].filter((each) => each !== '').join(', '),
    hours: text('hours_words') || text('opening_hours'),
    cost: text('cost'),
    costWords: text('cost_words'),
    alert: text('alert'),
    source: text('source'),
  };
}
