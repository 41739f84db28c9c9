import { TileStore } from '../../app/frontend/src/map/tile-store.ts';

interface Told {
  readonly troubles: boolean[];
  stale: number;
}

function makeStore(signal = new AbortController().signal): { readonly store: TileStore<number>; readonly told: Told } {
  const told: Told = { troubles: [], stale: 0 };
  const store = new TileStore<number>({
    signal,
    decode: (bytes) => bytes.byteLength,
    onTrouble: (isAway) => told.troubles.push(isAway),
    onStale: () => {
      told.stale += 1;
    },
  });
  return { store, told };
}

function answer(status: number, body: BodyInit | null = null): Response {
  return new Response(body, { status });
}

afterEach(() => {
  vi.useRealTimers();
});

test('one request serves all who want a tile, and it is kept', async () => {
  const fetching = vi.fn(() => Promise.resolve(answer(200, 'abc')));
  vi.stubGlobal('fetch', fetching);
  const { store } = makeStore();

  expect(await Promise.all([store.load('/t'), store.load('/t')])).toEqual([3, 3]);
  expect(await store.load('/t')).toBe(3);
  expect(store.get('/t')).toBe(3);
  expect(fetching).toHaveBeenCalledTimes(1);
});

test('an empty tile is kept as empty, an unknown one is not there', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(answer(204)));
  const { store } = makeStore();

  expect(await store.load('/t')).toBeNull();
  expect(store.get('/t')).toBeNull();
  expect(store.get('/other')).toBeUndefined();
});

test('a server that is away is asked again, ever more rarely, and said to be away', async () => {
  vi.useFakeTimers();
  const answers = [() => Promise.reject(new TypeError('away')), () => Promise.resolve(answer(503))];
  const fetching = vi.fn(() => (answers.shift() ?? (() => Promise.resolve(answer(200, 'ab'))))());
  vi.stubGlobal('fetch', fetching);
  const { store, told } = makeStore();

  const loading = store.load('/t');
  await vi.advanceTimersByTimeAsync(1000);
  expect(fetching).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1999);
  expect(fetching).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1);

  expect(await loading).toBe(2);
  expect(told.troubles).toEqual([true, true, false]);
});

test('when the network is back, waiting ends at once', async () => {
  vi.useFakeTimers();
  let isAway = true;
  vi.stubGlobal('fetch', () =>
    isAway ? Promise.reject(new TypeError('away')) : Promise.resolve(answer(200, 'a')),
  );
  const { store } = makeStore();

  const loading = store.load('/t');
  await vi.advanceTimersByTimeAsync(10);
  isAway = false;
  dispatchEvent(new Event('online'));

  expect(await loading).toBe(1);
});

test('a tile that nobody wants any more is not waited for', async () => {
  let signal: AbortSignal | null | undefined;
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    signal = init.signal;
    return new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => {
        reject(new DOMException('stopped', 'AbortError'));
      });
    });
  });
  const { store } = makeStore();

  const [first, second] = [store.load('/t'), store.load('/t')];
  store.release('/t');
  expect(signal?.aborted).toBe(false);
  store.release('/t');

  expect(signal?.aborted).toBe(true);
  await expect(first).rejects.toThrow('stopped');
  await expect(second).rejects.toThrow('stopped');
});

test('an address of another version is told, and not asked for again', async () => {
  const body = JSON.stringify({ status: 404, current_version: '4-new' });
  const fetching = vi.fn(() => Promise.resolve(answer(404, body)));
  vi.stubGlobal('fetch', fetching);
  const { store, told } = makeStore();

  await expect(store.load('/t')).rejects.toThrow('404');
  expect(told.stale).toBe(1);
  expect(fetching).toHaveBeenCalledTimes(1);
});

test('what is forgotten is asked for again', async () => {
  const fetching = vi.fn(() => Promise.resolve(answer(200, 'abc')));
  vi.stubGlobal('fetch', fetching);
  const { store } = makeStore();
  await store.load('/1');
  await store.load('/2');

  store.forget((address) => address === '/1');

  expect(store.get('/1')).toBeUndefined();
  expect(store.get('/2')).toBe(3);
});

test('with its map, a store ends: nothing is waited for', async () => {
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    return new Promise((_resolve, reject) => {
      init.signal?.addEventListener('abort', () => {
        reject(new DOMException('stopped', 'AbortError'));
      });
    });
  });
  const end = new AbortController();
  const { store } = makeStore(end.signal);

  const loading = store.load('/t');
  end.abort();

  await expect(loading).rejects.toThrow('stopped');
});
