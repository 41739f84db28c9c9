import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

function resolvePackage(name: string): string {
  return fileURLToPath(import.meta.resolve(name));
}

const tests = fileURLToPath(new URL('../../tests/frontend', import.meta.url));

export default defineConfig({
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
