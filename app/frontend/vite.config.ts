import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

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
    rolldownOptions: { input: ['src/main.ts', 'src/mark.svg'] },
  },
  server: { fs: { allow: ['../..'] } },
  test: {
    dir: tests,
    include: ['**/*.test.ts'],
    environment: 'jsdom',
    restoreMocks: true,
  },
});
