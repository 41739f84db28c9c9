// Lint rules, and the floors of the frontend: main > panels | map > api | state.
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// What each floor may not import, and the sentence for whoever tries.
const FLOORS = {
  panels: { below: ['main', 'map'], says: 'Panels stand beside the map and below main.' },
  map: { below: ['main', 'panels'], says: 'The map stands beside the panels and below main.' },
  api: { below: ['main', 'panels', 'map', 'state'], says: 'Nothing but itself lies below api.' },
  state: { below: ['main', 'panels', 'map', 'api'], says: 'Nothing but itself lies below state.' },
};

const LEAFLET = {
  regex: '^(leaflet|@mapbox|pbf)($|/)',
  message: 'Only src/map knows Leaflet and vector tiles.',
};

const FETCH = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'].map((name) => ({
  name,
  message: 'Only src/api/client.ts talks to the server.',
}));

const FETCH_OF_WINDOW = ['window', 'self', 'globalThis'].map((object) => ({
  object,
  property: 'fetch',
  message: 'Only src/api/client.ts talks to the server.',
}));

function forbidImports(patterns) {
  return { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] };
}

function forbidFloors(names, says) {
  return names.map((name) => ({ regex: `(^|/)${name}(/|\\.ts$|$)`, message: says }));
}

export default defineConfig(
  { ignores: ['dist/', 'node_modules/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['src/**/*.ts', 'vite.config.ts'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Index signatures are read with brackets, so that TypeScript can say they may be missing.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'no-restricted-globals': ['error', ...FETCH],
      'no-restricted-properties': ['error', ...FETCH_OF_WINDOW],
      eqeqeq: 'error',
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', 50],
      ...forbidImports([LEAFLET]),
    },
  },
  ...Object.entries(FLOORS).map(([floor, { below, says }]) => ({
    files: [`src/${floor}/**/*.ts`],
    rules: forbidImports([...forbidFloors(below, says), ...(floor === 'map' ? [] : [LEAFLET])]),
  })),
  {
    // The one door to the server.
    files: ['src/api/client.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
);
