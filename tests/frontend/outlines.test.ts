import { ApiError, getJson } from '../../app/frontend/src/api/client.ts';
import { fetchOutlines, isOutlines } from '../../app/frontend/src/api/outlines.ts';

const area = {
  type: 'Feature',
  id: 1,
  properties: { code: 'A1', name: 'Quay' },
  geometry: { type: 'Polygon', coordinates: [] },
};

function answerWith(body: unknown, status = 200): void {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(body), { status })));
}

test('outlines are areas with a code, a name and a polygon', () => {
  expect(isOutlines({ type: 'FeatureCollection', features: [area] })).toBe(true);
  expect(isOutlines({ type: 'FeatureCollection', features: [] })).toBe(true);
});

test.each([
  null,
  'text',
  { type: 'Feature' },
  { type: 'FeatureCollection' },
  { type: 'FeatureCollection', features: [null] },
  { type: 'FeatureCollection', features: [{ ...area, properties: { name: 'Quay' } }] },
  { type: 'FeatureCollection', features: [{ ...area, geometry: null }] },
  { type: 'FeatureCollection', features: [{ ...area, geometry: { type: 'Point', coordinates: [] } }] },
])('%j is not drawn', (answer) => {
  expect(isOutlines(answer)).toBe(false);
});

test('an answer of another form is refused by name', async () => {
  answerWith({ hello: 1 });
  await expect(fetchOutlines('/outlines')).rejects.toThrow('/outlines did not answer with outlines');
});

test('a refusal keeps its status', async () => {
  answerWith({ detail: 'being set up' }, 503);
  const refusal = await getJson('/x').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ApiError);
  expect(refusal).toMatchObject({ status: 503 });
});
