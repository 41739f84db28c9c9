import {
  classBoth,
  classOne,
  findClass,
  findThirds,
  nameClass,
  spreadNeed,
  type Series,
} from '../../app/frontend/src/state/classes.ts';

function make(values: (number | null)[], polarity: Series['polarity'] = 'high is bad'): Series {
  return { firstGid: 1, values, polarity };
}

function name(classes: Uint8Array): string[] {
  return [...classes].slice(1).map(nameClass);
}

test('a value on an edge belongs above it', () => {
  expect([9.9, 10, 20, 25].map((value) => findClass(value, [10, 20]))).toEqual([0, 1, 2, 2]);
});

test('most need is five, whichever way the figures run', () => {
  const values = [1, 3, 5, 7, 9];
  const edges = [2, 4, 6, 8];

  expect(name(classOne(make(values), edges))).toEqual(['need-1', 'need-2', 'need-3', 'need-4', 'need-5']);
  expect(name(classOne(make(values, 'high is good'), edges))).toEqual([
    'need-5',
    'need-4',
    'need-3',
    'need-2',
    'need-1',
  ]);
  expect(name(classOne(make(values, 'neither'), edges)).at(-1)).toBe('need-5');
});

test.each([
  [1, [3]],
  [2, [1, 5]],
  [3, [1, 3, 5]],
  [4, [1, 2, 4, 5]],
  [5, [1, 2, 3, 4, 5]],
])('%i classes are spread over the five colours', (count, needs) => {
  expect(Array.from({ length: count }, (_, index) => spreadNeed(index, count))).toEqual(needs);
});

test('an area without a figure has no class, nor has one beyond the end', () => {
  const classes = classOne(make([1, null]), [2]);

  expect(name(classes)).toEqual(['need-1', 'none']);
  expect(classes[99]).toBeUndefined();
});

test('two indicators are classed by thirds, the first digit the first', () => {
  const first = make([1, 1, 9, null]);
  const second = make([9, 1, 9, 9], 'high is good');

  expect(name(classBoth(first, second, [4, 6], [4, 6]))).toEqual(['b11', 'b13', 'b31', 'none']);
});

test('thirds hold about as many each; nothing has none', () => {
  expect(findThirds([1, 2, 3, 4, null, 5, 6, 7])).toEqual([3, 5]);
  expect(findThirds([null])).toEqual([]);
});
