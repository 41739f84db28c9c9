import { addSite, moveSite } from '../../app/frontend/src/state/changes.ts';

const HERE = { lon: -2.9831, lat: 53.40841 };
const CLOSED = 'close_00000000-0000-0000-0000-000000000007';

test('one more is put after the others, with what it holds where that counts', () => {
  expect(addSite('', HERE, '')).toBe('add_-2.98310_53.40841');
  expect(addSite(CLOSED, HERE, '20')).toBe(`${CLOSED}~add_-2.98310_53.40841_20`);
});

test('what is moved keeps its site and what it holds', () => {
  const changes = `add_1.00000_2.00000_20~move_${CLOSED.slice(6)}_1.00000_2.00000~${CLOSED}`;
  expect(moveSite(changes, 1, HERE)).toContain('add_-2.98310_53.40841_20~');
  expect(moveSite(changes, 2, HERE)).toContain(`move_${CLOSED.slice(6)}_-2.98310_53.40841~`);
  expect(moveSite(changes, 3, HERE).endsWith(CLOSED)).toBe(true);
});
