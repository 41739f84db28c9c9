// What answers of the server are made of, checked piece by piece.

export type Shape = Readonly<Record<string, unknown>>;

export function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number');
}

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

export function readText(shape: Shape, name: string): string {
  const value = shape[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is no text`);
  return value;
}

export function readNumber(shape: Shape, name: string): number {
  const value = shape[name];
  if (typeof value !== 'number') throw new TypeError(`${name} is no number`);
  return value;
}

export function readShape(shape: Shape, name: string): Shape {
  const value = shape[name];
  if (!isShape(value)) throw new TypeError(`${name} is no object`);
  return value;
}

export function readList<T>(shape: Shape, name: string, read: (each: Shape) => T): T[] {
  const value = shape[name];
  if (!Array.isArray(value)) throw new TypeError(`${name} is no list`);
  return value.map((each: unknown) => {
    if (!isShape(each)) throw new TypeError(`${name} holds something that is no object`);
    return read(each);
  });
}
