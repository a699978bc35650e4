// Speed as a ratio: what each stage of counting takes beside a loop that only walks the same records, in turn batch by batch in one process.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../dist/bench/guard.js');

/**
 * Walks' times that a stage may take: about twice what it takes (1.1, 4, 0.2, 2.5, 1.7, 2.6, 0.7, 0.5, 22, 2 and 6; some a third more on a machine
 * that is busy with other things). Who makes a stage quicker lowers its limit.
 */
const LIMITS = {
  read: 2.4,
  'decode, classify': 8.5,
  'find minutes': 0.6,
  'count flows': 5.5,
  'count dark': 3.6,
  'count minutes': 5.5,
  'count hours': 1.5,
  'count protocols': 1,
  'sort flows': 46,
  'sum ports': 4.5,
  'make blocks': 14,
};

async function ratios(...args: string[]): Promise<Record<string, number>> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args]);
  return JSON.parse(stdout);
}

/** Stages that take too long. */
function slow(measured: Record<string, number>): string[] {
  return Object.entries(LIMITS).flatMap(([stage, limit]) =>
    (measured[stage] ?? Number.POSITIVE_INFINITY) <= limit
      ? []
      : [`${stage}: ${measured[stage]} walks, at most ${limit}`],
  );
}

test('no stage of counting takes twice as long as it did, beside a loop that only walks the records', async () => {
  expect(slow(await ratios())).toEqual([]);
});

test('decoding that takes three times as long is noticed', async () => {
  const measured = await ratios('--decodings', '3', '--rounds', '5');
  expect(slow(measured)).toEqual([expect.stringContaining('decode, classify')]);
});
