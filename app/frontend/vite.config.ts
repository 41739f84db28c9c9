import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

function resolvePackage(name: string): string {
  return fileURLToPath(import.meta.resolve(name));
}

const REPORT_STYLES = ['tokens', 'legend', 'still-map', 'report', 'report-changes'];

/**
 * What a report needs to open from disk: Leaflet as one script, and its styles before ours in one
 * sheet. The service sets both into the file, so nothing may point elsewhere.
 */
function emitReportParts(): Plugin {
  return {
    name: 'report-parts',
    apply: 'build',
    generateBundle() {
      const leaflet = dirname(resolvePackage('leaflet'));
      const script = readFileSync(`${leaflet}/leaflet.js`, 'utf8');
      const licence = readFileSync(`${leaflet}/../LICENSE`, 'utf8');
      // The pictures of its markers and of the folded choice of layers: a report has neither.
      const pictures = /\s*background-image:\s*url\(images\/[^)]*\);/g;
      const sheets = [readFileSync(`${leaflet}/leaflet.css`, 'utf8').replace(pictures, '')];
      for (const name of REPORT_STYLES) {
        const path = fileURLToPath(new URL(`src/styles/${name}.css`, import.meta.url));
        this.addWatchFile(path);
        sheets.push(readFileSync(path, 'utf8'));
      }
      const parts = {
        // Its licence goes with it: the file is handed on.
        'report/leaflet.js': `/*\n${licence}*/\n${script.replace(/\/\/# sourceMappingURL=.*/, '')}`,
        'report/report.css': sheets.join('\n'),
      };
      for (const [fileName, source] of Object.entries(parts)) {
        this.emitFile({ type: 'asset', fileName, source });
      }
    },
  };
}

const tests = fileURLToPath(new URL('../../tests/frontend', import.meta.url));

export default defineConfig({
  plugins: [emitReportParts()],
  // The address under which the server offers the build folder.
  base: '/static/',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The server looks up hashed file names here.
    manifest: 'manifest.json',
    // Everything is a file of our own: no page needs a wider content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: [
        'src/main.ts',
        'src/mark.svg',
        'src/mark-maskable.svg',
        'src/mark-180.png',
        'src/mark-192.png',
        'src/mark-512.png',
      ],
    },
  },
  server: { fs: { allow: ['../..'] } },
  test: {
    dir: tests,
    include: ['**/*.test.ts'],
    environment: 'jsdom',
    globals: true,
    // The tests live outside this folder and so cannot find its packages by themselves.
    alias: Object.fromEntries(
      ['eslint', 'pbf', 'typescript-eslint'].map((name) => [name, resolvePackage(name)]),
    ),
    unstubGlobals: true,
    restoreMocks: true,
  },
});
