// What stages of counting cost beside a loop that only walks the same records: a ratio, so that it is about the same on every machine.
// `test/bench/guard.test.ts` bounds it. With `--decodings 3` every frame is decoded three times: the test must see that.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { wholeNumber } from '../cli/options.ts';
import { median } from './contest.ts';
import { telescopeDay } from './day.ts';
import { builtRound, PLAIN_WALK, shared, type Watch } from './round.ts';

const WARM_UP = 3;

const { decodings, packets, rounds } = new Command('guard')
  .option('--decodings <n>', 'times that each frame is decoded', wholeNumber, 1)
  .option('--packets <n>', 'of the telescope’s day', wholeNumber, 250_000)
  .option('--rounds <n>', 'counted, after three that are not', wholeNumber, 9)
  .parse()
  .opts<{ decodings: number; packets: number; rounds: number }>();

const directory = mkdtempSync(path.join(tmpdir(), 'umbrascope-guard-'));
const capture = shared(readFileSync(telescopeDay(directory, packets)));
rmSync(directory, { recursive: true });
const round = await builtRound();
/** Of each batch. Processor time, so that other processes do not count; and of so many the median knows nothing of a collection of garbage. */
const times = new Map<string, number[]>();
for (let run = -WARM_UP; run < rounds; run++) {
  const watch: Watch = {
    now: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    took: (stage, milliseconds) => {
      if (run >= 0) samplesOf(stage).push(milliseconds);
    },
  };
  round.release(round.count(capture, watch, decodings));
}

function samplesOf(stage: string): number[] {
  const samples = times.get(stage) ?? [];
  times.set(stage, samples);
  return samples;
}

const walks = times.get(PLAIN_WALK) ?? [];
/** Of one stage in a round: some are timed for each batch, the last once. */
const inRound = (milliseconds: readonly number[]) => (median(milliseconds) * milliseconds.length) / rounds;
const ratios = [...times].map(([stage, milliseconds]) => [stage, inRound(milliseconds) / inRound(walks)]);
console.log(JSON.stringify(Object.fromEntries(ratios)));
