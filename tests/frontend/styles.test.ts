// @vitest-environment node
import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../../app/frontend/src/styles/', import.meta.url);

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

function readValues(block: string): Map<string, string> {
  const found = [...block.matchAll(/^\s*(--ha-[\w-]+|color-scheme):\s*([^;]+);/gm)];
  return new Map(found.map(([, name = '', value = '']) => [name, value]));
}

const [device = '', chosen = ''] = read('dark.css').split(':root[data-theme="dark"]');
const light = readValues(read('tokens.css').split('@media')[0] ?? '');

function luminance(colour: string): number {
  const short = /^#(.)(.)(.)$/.exec(colour);
  const digits = short ? short.slice(1).map((digit) => digit + digit) : (colour.match(/[\da-f]{2}/g) ?? []);
  const [red = 0, green = 0, blue = 0] = digits.map((pair) => {
    const part = parseInt(pair, 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(values: Map<string, string>, one: string, other: string): number {
  const [low = 0, high = 0] = [one, other]
    .map((name) => luminance(values.get(`--ha-${name}`) ?? ''))
    .sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

test('dark is the same by the device and by choice', () => {
  expect(readValues(device).size).toBeGreaterThan(20);
  expect(readValues(device)).toEqual(readValues(chosen));
});

/* The classes to which a sheet gives looks of their own, wherever they stand; paper apart. */
function listOwnClasses(sheet: string): Set<string> {
  const own = new Set<string>();
  const within: string[] = [];
  for (const [, text = '', edge = ''] of sheet.replace(/\/\*[^]*?\*\//g, '').matchAll(/([^{};]*)([{};])/g)) {
    if (edge === '}') within.pop();
    if (edge !== '{') continue;
    if (!within.some((rule) => rule.startsWith('@media print')))
      for (const selector of text.split(/,(?![^(]*\))/)) if (/^\s*\.ha-[\w-]+\s*$/.test(selector)) own.add(selector.trim());
    within.push(text.trim());
  }
  return own;
}

test('no class is given looks of its own by two sheets', () => {
  const sheets = new Map<string, string[]>();
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.css')))
    for (const each of listOwnClasses(read(name))) sheets.set(each, [...(sheets.get(each) ?? []), name]);
  expect(sheets.size).toBeGreaterThan(100);
  expect([...sheets].filter(([, names]) => names.length > 1)).toEqual([]);
});

test('every dark name is a light name', () => {
  expect([...readValues(chosen).keys()].filter((name) => !light.has(name))).toEqual([]);
});

describe.each([
  ['light', light],
  ['dark', readValues(chosen)],
])('%s', (_name, values) => {
  test.each([
    ['ink', 'paper'],
    ['ink', 'shelf'],
    ['ink', 'lamp-tint'],
    ['ink-soft', 'paper'],
    ['ink-soft', 'shelf'],
    ['link', 'paper'],
    ['link', 'shelf'],
    ['link', 'lamp-tint'],
    ['link-visited', 'paper'],
    ['on-brand', 'brand'],
    ['map-label', 'map-land'],
    ['map-label', 'map-water'],
  ])('text in %s on %s has 4.5:1', (text, ground) => {
    expect(contrast(values, text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each([
    ['rule-strong', 'paper'],
    ['map-edge', 'map-land'],
    ['map-edge', 'map-water'],
  ])('an edge in %s on %s has 3:1', (edge, ground) => {
    expect(contrast(values, edge, ground)).toBeGreaterThanOrEqual(3);
  });

  test('most need stands out most from what lies around the map', () => {
    const steps = [1, 2, 3, 4, 5].map((need) => contrast(values, `need-${String(need)}`, 'map-out'));
    expect([...steps.slice(1)].sort((a, b) => a - b)).toEqual(steps.slice(1));
    expect(steps[4]).toBeGreaterThan(5);
  });

  test.each(['warm', 'lib', 'food', 'health', 'advice', 'group', 'family', 'move'])(
    'a sign of %s stands out from its halo, and what is on it from the sign',
    (category) => {
      expect(contrast(values, `cat-${category}`, 'map-halo')).toBeGreaterThanOrEqual(4.5);
      expect(contrast(values, 'cat-ink', `cat-${category}`)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(['11', '12', '13', '21', '22', '23', '31', '32', '33'])(
    'a number in the legend field %s has 4.5:1',
    (field) => {
      expect(contrast(values, `b-ink-${field}`, `b${field}`)).toBeGreaterThanOrEqual(4.5);
    },
  );
});
