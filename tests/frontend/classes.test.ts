import {
  classBoth,
  classOne,
  findClass,
  nameClass,
  type Division,
  type Series,
} from '../../app/frontend/src/state/classes.ts';

function make(values: (number | null)[]): Series {
  return { firstGid: 1, values };
}

function divide(edges: number[], needs: number[], exceptions: Record<string, number> = {}): Division {
  return { edges, needs, exceptions };
}

function name(classes: Uint8Array): string[] {
  return [...classes].slice(1).map(nameClass);
}

test('a value on an edge belongs above it', () => {
  expect([9.9, 10, 20, 25].map((value) => findClass(value, [10, 20]))).toEqual([0, 1, 2, 2]);
});

test('each class stands for the need that the server says', () => {
  const values = make([1, 3, 5]);

  expect(name(classOne(values, divide([2, 4], [1, 3, 5])))).toEqual(['need-1', 'need-3', 'need-5']);
  expect(name(classOne(values, divide([2, 4], [5, 3, 1])))).toEqual(['need-5', 'need-3', 'need-1']);
});

test('an area without a figure has no class, nor has one beyond the end', () => {
  const classes = classOne(make([1, null]), divide([2], [1, 5]));

  expect(name(classes)).toEqual(['need-1', 'none']);
  expect(classes[99]).toBeUndefined();
});

test('an area whose published tenth is of another class is of that one', () => {
  const classes = classOne(make([1, 3, null]), divide([2], [1, 5], { 2: 4, 3: 4, 99: 4 }));

  expect(name(classes)).toEqual(['need-1', 'need-4', 'none']);
});

test('two indicators are classed by thirds, the first digit the first', () => {
  const first = make([1, 1, 9, null]);
  const second = make([9, 1, 9, 9]);

  const classes = classBoth(first, second, divide([4, 6], [1, 2, 3]), divide([4, 6], [3, 2, 1]));

  expect(name(classes)).toEqual(['b11', 'b13', 'b31', 'none']);
});

test('series that begin at other areas are joined by number', () => {
  const second = { firstGid: 2, values: [9] };

  const classes = classBoth(make([9, 9]), second, divide([4], [1, 3]), divide([4], [1, 3]));

  expect(name(classes)).toEqual(['none', 'b33']);
});
