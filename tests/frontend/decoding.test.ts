import { decodeAreas, decodeAssets } from '../../app/frontend/src/map/decoding.ts';
import { findAreaAt, findCut, traceArea, traceEdges } from '../../app/frontend/src/map/geometry.ts';
import { square, writeTile } from './mvt.ts';

const hole = [...square(40, 40, 20)].reverse();

function makeTile(): ArrayBuffer {
  return writeTile([
    {
      name: 'lsoa-2021',
      kind: 'polygon',
      shapes: [
        { id: 7, rings: [square(0, 0, 100), hole] },
        { id: 9, rings: [square(100, 0, 172)] },
      ],
    },
    {
      name: 'labels',
      kind: 'point',
      shapes: [{ id: 3, rings: [[[64, 128]]], properties: { name: 'Toxteth', layer: 'msoa-2021' } }],
    },
  ]);
}

class Recorder {
  readonly said: string[] = [];

  moveTo(x: number, y: number): void {
    this.said.push(`M${String(x)} ${String(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.said.push(`L${String(x)} ${String(y)}`);
  }

  closePath(): void {
    this.said.push('Z');
  }
}

const AS_IS = { scale: 1, x: 0, y: 0 };

test('a tile says which kind of area it holds, by gid, with rings and boxes', () => {
  const tile = decodeAreas(makeTile());

  expect(tile.layer).toBe('lsoa-2021');
  expect(tile.extent).toBe(256);
  expect([...tile.gids]).toEqual([7, 9]);
  expect([...tile.areaRings]).toEqual([0, 2, 3]);
  expect([...tile.boxes.slice(0, 4)]).toEqual([0, 0, 100, 100]);
});

test('labels come with the name, the layer and the place across the tile', () => {
  const [label] = decodeAreas(makeTile()).labels;

  expect(label).toMatchObject({ id: 3, name: 'Toxteth', layer: 'msoa-2021', x: 0.25, y: 0.5 });
});

test('the area at a point is found, and a hole is no part of it', () => {
  const tile = decodeAreas(makeTile());

  expect(findAreaAt(tile, 10, 10)).toBe(0);
  expect(findAreaAt(tile, 150, 50)).toBe(1);
  expect(findAreaAt(tile, 50, 50)).toBe(-1);
  expect(findAreaAt(tile, 10, 200)).toBe(-1);
});

test('a fill follows every ring where it is placed', () => {
  const pen = new Recorder();

  traceArea(pen, decodeAreas(makeTile()), 1, { scale: 0.5, x: 10, y: 20 });

  expect(pen.said).toEqual(['M60 20', 'L146 20', 'L146 106', 'L60 106', 'Z']);
});

test('edges leave out the sides where the tile was cut out, so that no frame is drawn', () => {
  const tile = decodeAreas(makeTile());
  const pen = new Recorder();

  traceEdges(pen, tile, 1, AS_IS, findCut(tile));

  // The right side lies on the cut at 272, the upper one on the cut at 0, the lower one at 172 does not.
  expect(findCut(tile)).toEqual([0, 0, 272, 256]);
  expect(pen.said).toEqual(['M272 172', 'L100 172', 'L100 0']);
});

test('an asset tile has clusters, places and what is told by area only', () => {
  const point = (x: number, y: number): [number, number][][] => [[[x, y]]];
  const tile = decodeAssets(
    writeTile([
      { name: 'clusters', kind: 'point', shapes: [{ rings: point(1, 2), properties: { count: 12 } }] },
      {
        name: 'assets',
        kind: 'point',
        shapes: [{ id: 2 ** 52 - 1, rings: point(3, 4), properties: { category: 5 } }],
      },
      {
        name: 'by_area',
        kind: 'point',
        shapes: [{ rings: point(5, 6), properties: { count: 3, name: 'Toxteth' } }],
      },
    ]),
  );

  expect(tile.clusters[0]).toMatchObject({ count: 12, id: 0, category: -1 });
  expect(tile.assets[0]).toMatchObject({ count: 1, id: 2 ** 52 - 1, category: 5 });
  expect(tile.byArea[0]).toMatchObject({ count: 3, name: 'Toxteth' });
});

test('a tile without layers is empty', () => {
  const tile = decodeAreas(writeTile([]));

  expect(tile.gids).toHaveLength(0);
  expect(tile.labels).toEqual([]);
});
