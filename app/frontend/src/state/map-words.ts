// The sentences of the map, translated by the server and written on its frame.
import { fill } from './words.ts';

export type MapWords = (name: string, values?: Readonly<Record<string, string>>) => string;

/** Read the words of a frame. A sentence that is not there is not said. */
export function readMapWords(frame: HTMLElement): MapWords {
  const given = parse(frame.dataset['words'] ?? '{}');
  return (name, values = {}) => {
    const sentence = given.get(name);
    return typeof sentence === 'string' ? fill(sentence, values) : '';
  };
}

function parse(text: string): Map<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return new Map(typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []);
  } catch {
    return new Map();
  }
}
