// Vector tiles written by hand, for tests: what the specification of MVT 2 says, and no more.
import { PbfWriter } from 'pbf';

export type Ring = readonly (readonly [number, number])[];

export interface Shape {
  readonly id?: number;
  /** Closed rings of an area, or one ring of one point. */
  readonly rings: readonly Ring[];
  readonly properties?: Readonly<Record<string, string | number>>;
}

export interface LayerOfTile {
  readonly name: string;
  readonly kind: 'point' | 'polygon';
  readonly shapes: readonly Shape[];
  readonly extent?: number;
}

export function writeTile(layers: readonly LayerOfTile[]): ArrayBuffer {
  const pbf = new PbfWriter();
  for (const layer of layers) pbf.writeMessage(3, writeLayer, layer);
  return Uint8Array.from(pbf.finish()).buffer;
}

function writeLayer(layer: LayerOfTile, pbf?: PbfWriter): void {
  if (pbf === undefined) return;
  const keys: string[] = [];
  const values: (string | number)[] = [];
  pbf.writeVarintField(15, 2);
  pbf.writeStringField(1, layer.name);
  for (const shape of layer.shapes) {
    const tags = Object.entries(shape.properties ?? {}).flatMap(([key, value]) => [
      keys.push(key) - 1,
      values.push(value) - 1,
    ]);
    pbf.writeMessage(2, writeShape, { shape, tags, kind: layer.kind });
  }
  for (const key of keys) pbf.writeStringField(3, key);
  for (const value of values) pbf.writeMessage(4, writeValue, value);
  pbf.writeVarintField(5, layer.extent ?? 256);
}

interface Tagged {
  readonly shape: Shape;
  readonly tags: readonly number[];
  readonly kind: 'point' | 'polygon';
}

function writeShape({ shape, tags, kind }: Tagged, pbf?: PbfWriter): void {
  if (shape.id !== undefined) pbf?.writeVarintField(1, shape.id);
  pbf?.writePackedVarint(2, [...tags]);
  pbf?.writeVarintField(3, kind === 'point' ? 1 : 3);
  pbf?.writePackedVarint(4, listCommands(shape.rings, kind === 'polygon'));
}

function writeValue(value: string | number, pbf?: PbfWriter): void {
  if (typeof value === 'string') pbf?.writeStringField(1, value);
  else pbf?.writeVarintField(5, value);
}

const [MOVE, LINE, CLOSE] = [1, 2, 7];

function listCommands(rings: readonly Ring[], isClosed: boolean): number[] {
  const commands: number[] = [];
  let [px, py] = [0, 0];
  const step = ([x, y]: readonly [number, number]): void => {
    commands.push(zigzag(x - px), zigzag(y - py));
    [px, py] = [x, y];
  };
  for (const [first, ...rest] of rings) {
    if (first === undefined) continue;
    commands.push(MOVE | (1 << 3));
    step(first);
    if (rest.length > 0) commands.push(LINE | (rest.length << 3));
    rest.forEach(step);
    if (isClosed) commands.push(CLOSE | (1 << 3));
  }
  return commands;
}

function zigzag(value: number): number {
  return (value << 1) ^ (value >> 31);
}

export function square(left: number, upper: number, side: number): Ring {
  return [
    [left, upper],
    [left + side, upper],
    [left + side, upper + side],
    [left, upper + side],
  ];
}
