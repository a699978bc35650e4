// Bundles the command line into dist/program: `main.js`, and a file for what each command needs beside it. Node then opens a dozen files and
// not hundreds, which halves what the start of a command costs. What has native code, or files of its own to find, stays in node_modules.
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Our own modules go on meaning the place in dist/ where the compiler puts them: threads, the engine's process, the page lie beside it. */
const ownPlaces: Plugin = {
  name: 'own-places',
  transform(code, id) {
    const place = path.relative(ROOT, id).replaceAll(path.sep, '/');
    if (!id.endsWith('.ts') || place.startsWith('..') || place.startsWith('node_modules/')) return null;
    return code.replaceAll('import.meta.url', `new URL('../${place.replace(/\.ts$/, '.js')}', import.meta.url).href`);
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [ownPlaces],
  ssr: {
    noExternal: true,
    external: [
      '@napi-rs/canvas',
      'ffi-rs',
      'koffi',
      'lz4-napi',
      'lzma-native',
      '@fastify/cookie',
      '@fastify/rate-limit',
      '@fastify/static',
      '@fastify/swagger',
      'fastify',
      'pino',
    ],
  },
  build: {
    ssr: 'main.ts',
    outDir: '../dist/program',
    emptyOutDir: true,
    target: 'node20',
    sourcemap: false,
    // Names stay, so that a profile and an error can be read.
    minify: false,
    license: { fileName: 'licenses.md' },
    rolldownOptions: { output: { chunkFileNames: '[name]-[hash].js' } },
  },
});
