// Tests run the sources; what starts threads or processes runs the build, which `npm test` makes first.
import { defineConfig } from 'vitest/config';

/** Tests of functions, which leave nothing behind: one process runs many such files, and need not load all that they import anew for each. */
const PURE = ['analyzer', 'collector', 'sample-pcaps'].map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // .ci/run reads the totals from there.
    reporters: process.env.TEST_REPORT ? ['default', ['json', { outputFile: process.env.TEST_REPORT }]] : ['default'],
    projects: [
      { extends: true, test: { name: 'program', include: ['test/**/*.test.ts'], exclude: PURE } },
      { extends: true, test: { name: 'functions', include: PURE, isolate: false } },
    ],
  },
});
