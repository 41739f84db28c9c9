import { spread } from '../../app/frontend/src/map/spreading.ts';

const SIZE = 30;

test('what is apart stays where it is', () => {
  const spots = [{ x: 0, y: 0 }, { x: 30, y: 0 }, { x: 0, y: 45 }];
  expect(spread(spots, SIZE)).toEqual(spots);
});

test('many at one point all find room, the first on it', () => {
  const placed = spread(Array.from({ length: 20 }, () => ({ x: 100, y: 100 })), SIZE);
  expect(placed[0]).toEqual({ x: 100, y: 100 });
  for (const [index, one] of placed.entries()) {
    for (const other of placed.slice(index + 1)) {
      expect(Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y))).toBeGreaterThanOrEqual(SIZE);
    }
    expect(Math.hypot(one.x - 100, one.y - 100)).toBeLessThan(120);
  }
});
