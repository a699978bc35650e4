// What a second thread that counts is good for.
import { TELESCOPE } from './captures/mixes.ts';
import type { BenchCase } from './case.ts';
import { contest, contestText } from './contest.ts';
import { telescopeDay } from './day.ts';
import { ingestContestants } from './ingest.ts';

const COUNTS = [2, 1];

export const WORKERS: BenchCase = {
  name: 'workers',
  title: 'two threads that count, and one',
  packets: 20_000_000,
  run: async ({ cache, packets, seed, runs }) => {
    const capture = telescopeDay(cache, packets, seed);
    const contestants = COUNTS.flatMap((workers) => {
      const args = ['--workers', String(workers)];
      return ingestContestants({ capture, darknet: TELESCOPE.darknet, packets, args }, `--workers ${workers}`);
    });
    const measured = await contest(contestants, runs);
    const head = `${packets.toLocaleString('en')} packets; median of ${runs} runs, in turn`;
    return { text: `${head}\n\n${contestText(measured, 'packets')}`, bars: [] };
  },
};
