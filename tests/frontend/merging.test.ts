import { findDotRadius, findRadius, mergeSigns, type Sign } from '../../app/frontend/src/map/merging.ts';
import { makeBox, Rooms } from '../../app/frontend/src/map/rooms.ts';

function place(x: number, y: number, id: number): Sign {
  return { x, y, count: 1, category: 2, ids: [id], spread: 0 };
}

test('places that would lie on one another become one sign that says how many', () => {
  const [sign, ...others] = mergeSigns([place(0, 0, 1), place(10, 0, 2)]);

  expect(others).toEqual([]);
  expect(sign).toMatchObject({ count: 2, x: 5, y: 0, category: -1, spread: 10 });
  expect(sign?.ids).toEqual([1, 2]);
});

test('places apart stay what they are', () => {
  expect(mergeSigns([place(0, 0, 1), place(60, 0, 2)])).toHaveLength(2);
});

test('nobody is lost, and no two signs overlap much, in any crowd', () => {
  const crowd = Array.from({ length: 400 }, (_, index) =>
    place((index * 73) % 500, (index * 191) % 400, index + 1),
  );
  const merged = mergeSigns(crowd);

  expect(merged.reduce((sum, { count }) => sum + count, 0)).toBe(400);
  expect(new Set(merged.flatMap(({ ids }) => ids)).size).toBe(400);
  for (const one of merged) {
    for (const other of merged) {
      if (one === other) continue;
      const room = findRadius(one.count) + findRadius(other.count);
      expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(room * 0.8);
    }
  }
});

test('every sign is at least 24 px across', () => {
  for (const count of [1, 2, 10, 100_000]) expect(2 * findRadius(count)).toBeGreaterThanOrEqual(24);
});

test('dots are smaller, leave the ground to be seen, and lose nobody either', () => {
  const pair = [place(0, 0, 1), place(12, 0, 2)];

  expect(mergeSigns(pair)).toHaveLength(1);
  expect(mergeSigns(pair, findDotRadius)).toHaveLength(2);
  const heap = Array.from({ length: 50 }, (_, index) => place(index % 5, index % 3, index + 1));
  const merged = mergeSigns(heap, findDotRadius);
  expect(merged.reduce((sum, { count }) => sum + count, 0)).toBe(50);
  for (const count of [1, 2, 10, 100_000]) expect(findDotRadius(count)).toBeLessThan(findRadius(count));
});

test('a room is taken once', () => {
  const rooms = new Rooms();

  expect(rooms.take(makeBox(100, 100, 80, 20))).toBe(true);
  expect(rooms.take(makeBox(130, 110, 80, 20))).toBe(false);
  expect(rooms.take(makeBox(100, 121, 80, 20))).toBe(true);
});
