// kill -9 at any moment, of the command or of its database: run again, everything is counted once.
// `npm run soak -- kills` does the same a hundred times over two hundred captures.
import path from 'node:path';
import { expect, it } from 'vitest';
import { kills } from '../../dist/bench/soak/kills.js';

const program = path.resolve(import.meta.dirname, '../../dist/program/main.js');

it('an ingest that is killed leaves the tables of an undisturbed one, once it is run again', {
  timeout: 240_000,
}, async () => {
  const result = await kills({ program, kills: 4, files: 8, packetsPerFile: 10_000, seed: 7, log: console.info });
  expect(result).toMatchObject({ kills: 4, faults: [] });
});
