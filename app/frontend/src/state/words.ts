// The sentences of the scripts, translated by the server and delivered with the page.

const NAMES = ['zoomIn', 'zoomOut', 'mapMissing', 'found', 'foundNone', 'showInList'] as const;

export type Words = Readonly<Record<(typeof NAMES)[number], string>>;

/** Read the block of words; throws if the page lacks one, which a test would see first. */
export function readWords(page: Document): Words {
  const given = parseWords(page);
  const words = NAMES.map((name) => {
    const text: unknown = given.get(name);
    if (typeof text !== 'string') throw new Error(`The page does not say ${name}`);
    return [name, text] as const;
  });
  return Object.fromEntries(words) as Words;
}

/** Read one sentence of the block; without it, nothing is said. */
export function readSentence(page: Document, name: string): string {
  const text = parseWords(page).get(name);
  return typeof text === 'string' ? text : '';
}

function parseWords(page: Document): Map<string, unknown> {
  const parsed: unknown = JSON.parse(page.getElementById('words')?.textContent ?? '{}');
  return new Map(Object.entries(parsed as object));
}

/** Put values in the places that a sentence marks with braces. */
export function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (mark, name: string) => values[name] ?? mark);
}
