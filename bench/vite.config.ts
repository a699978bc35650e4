// Builds a round of counting as one file, dist/bench/round-bundle.js, in the way that the worker thread is built.
import { mergeConfig } from 'vite';
import worker from '../analyzer/vite.config.ts';

export default mergeConfig(worker, {
  root: import.meta.dirname,
  build: {
    ssr: 'round.ts',
    outDir: '../dist/bench',
    rolldownOptions: { output: { entryFileNames: 'round-bundle.js' } },
  },
});
