// The fuzzer: a short run of it, and that it finds the mistakes it looks for. `npm run fuzz` runs as many mutants as one likes.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { UnitCounter } from '../../analyzer/unit.ts';
import { madeSeeds } from '../../bench/fuzz/corpus.ts';
import { type Counter, createExaminer, fuzzConfig } from '../../bench/fuzz/examine.ts';
import { mutantOf } from '../../bench/fuzz/mutate.ts';

const program = path.resolve(import.meta.dirname, '../../dist/bench/fuzz/main.js');
const seeds = madeSeeds();
const whole = new Uint8Array(Buffer.concat(seeds[0]!.pieces));

test('thousands of changed captures are read without crash, hang, large memory or a wrong sum', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--runs', '4000', '--seconds', '8']);
  const [mutants = 0, wrong] = /^([\d,]+) mutants .* (\d+) read wrongly$/m.exec(stdout)?.slice(1) ?? [];
  expect(wrong, stdout).toBe('0');
  expect(Number(String(mutants).replaceAll(',', ''))).toBeGreaterThan(500);
});

test('the same seed and number make the same mutant, and most mutants are of their own', () => {
  const bytes = (seed: number, number: number) => Buffer.from(mutantOf(seeds, seed, number).bytes).toString('base64');
  const mutants = Array.from({ length: 500 }, (_, number) => bytes(3, number));
  expect(Array.from({ length: 500 }, (_, number) => bytes(3, number))).toEqual(mutants);
  expect(new Set(mutants).size).toBeGreaterThan(450);
  expect(bytes(4, 7)).not.toBe(mutants[7]);
});

/** A counter that makes a mistake with what it gives back, or with what it reads. */
function mistaken(mistake: (real: ReturnType<Counter['count']>, view: DataView, to: number) => void): Counter {
  const real = new UnitCounter(fuzzConfig());
  return {
    count: (view, from, to, context) => {
      const counted = real.count(view, from, to, context);
      mistake(counted, view, to);
      return counted;
    },
  };
}

test.each([
  { what: 'nothing', mistake: () => {}, found: [] },
  {
    what: 'a lost frame',
    mistake: ({ account }: ReturnType<Counter['count']>) => {
      account.frames--;
    },
    found: [expect.stringMatching(/^frames by fate: 8, should be 7$/), expect.anything(), expect.anything()],
  },
  {
    what: 'a packet that is not in one of the tables',
    mistake: ({ blocks }: ReturnType<Counter['count']>) => {
      (blocks.find(({ table }) => table === 'darkDays')!.columns.packets as Uint32Array)[0]--;
    },
    found: ['packets of darkDays: 5, should be 6'],
  },
  {
    what: 'bytes behind the unit that are looked at',
    mistake: ({ account }: ReturnType<Counter['count']>, view: DataView, to: number) => {
      account.firstHour = view.getUint8(to);
    },
    found: [expect.stringMatching(/^read again it is another/)],
  },
])('of $what the examiner says what is wrong', async ({ mistake, found }) => {
  expect(await createExaminer(mistaken(mistake)).faultsOf(whole)).toEqual(found);
});

test('a counter that throws is not taken for a damaged capture', async () => {
  const broken = mistaken(() => {
    throw new RangeError('Offset is outside the bounds of the DataView');
  });
  await expect(createExaminer(broken).faultsOf(whole)).rejects.toThrow('outside the bounds');
});
