// Builds the worker thread as one file, dist/analyzer/worker-bundle.js, with its constants written out where they are used. Node 20 looks
// an imported constant up in memory, and checks it, at every use: in loops over packets that is a fifth of their time.
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  build: {
    ssr: 'worker.ts',
    outDir: '../dist/analyzer',
    emptyOutDir: false,
    target: 'node20',
    sourcemap: true,
    // Names and lines stay, so that a profile can be read.
    minify: false,
    rolldownOptions: {
      optimization: { inlineConst: { mode: 'all', pass: 3 } },
      output: {
        entryFileNames: 'worker-bundle.js',
        minify: { compress: true, mangle: false, codegen: false },
      },
    },
  },
});
