// @vitest-environment node
// Breaks each contract between the floors of the frontend once, and each thing only one place may do.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const frontend = fileURLToPath(new URL('../../app/frontend/', import.meta.url));

// The fixtures are not files, so rules that need types cannot run on them; the floors need none.
const eslint = new ESLint({
  cwd: frontend,
  overrideConfig: [
    { files: ['src/**/*.ts'], ...tseslint.configs.disableTypeChecked },
    { files: ['src/**/*.ts'], languageOptions: { parserOptions: { projectService: false } } },
  ],
});

async function lint(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(frontend, file) });
  return (result?.messages ?? []).map((message) => `${message.ruleId ?? 'fatal'}: ${message.message}`);
}

const IMPORTS = 'no-restricted-imports';

describe.each([
  ['src/panels/x.ts', "import * as L from 'leaflet';\nL.map('x');", IMPORTS],
  ['src/panels/x.ts', "import 'leaflet/dist/leaflet.css';", IMPORTS],
  ['src/main/x.ts', "import * as L from 'leaflet';\nL.map('x');", IMPORTS],
  ['src/state/x.ts', "import type { Map } from 'leaflet';\nexport type M = Map;", IMPORTS],
  ['src/panels/x.ts', "import { TownMap } from '../map/town-map.ts';\nexport { TownMap };", IMPORTS],
  ['src/map/x.ts', "import { AreaList } from '../panels/area-list.ts';\nexport { AreaList };", IMPORTS],
  ['src/map/layers/x.ts', "import { AreaList } from '../../panels/area-list.ts';\nexport { AreaList };", IMPORTS],
  ['src/state/x.ts', "export { AreaList } from '../panels/area-list.ts';", IMPORTS],
  ['src/state/x.ts', "import { getJson } from '../api/client.ts';\nexport { getJson };", IMPORTS],
  ['src/api/x.ts', "import { readWords } from '../state/words.ts';\nexport { readWords };", IMPORTS],
  ['src/panels/x.ts', "import { startTown } from '../main/town.ts';\nexport { startTown };", IMPORTS],
  ['src/panels/x.ts', "import '../main.ts';", IMPORTS],
  ['src/map/x.ts', "await fetch('/x');", 'no-restricted-globals'],
  ['src/api/x.ts', "await fetch('/x');", 'no-restricted-globals'],
  ['src/panels/x.ts', "await window.fetch('/x');", 'no-restricted-properties'],
  ['src/panels/x.ts', 'export const x = new XMLHttpRequest();', 'no-restricted-globals'],
])('%s with %s', (file, code, rule) => {
  test('is refused', async () => {
    const messages = await lint(file, code);
    expect(messages.filter((message) => message.includes(rule))).toHaveLength(1);
  });
});

describe.each([
  ['src/map/x.ts', "import * as L from 'leaflet';\nL.map('x');"],
  ['src/map/x.ts', "import { readWords } from '../state/words.ts';\nexport { readWords };"],
  ['src/panels/x.ts', "import { fetchOutlines } from '../api/outlines.ts';\nexport { fetchOutlines };"],
  ['src/main/x.ts', "import { TownMap } from '../map/town-map.ts';\nexport { TownMap };"],
  ['src/api/client.ts', "await fetch('/x');"],
])('%s with %s', (file, code) => {
  test('is allowed', async () => {
    expect(await lint(file, code)).toEqual([]);
  });
});
