// What a second thread that counts is good for.
import { TELESCOPE } from './captures/mixes.ts';
import type { BenchCase } from './case.ts';
import { contest, contestText } from './contest.ts';
import { telescopeDay } from './day.ts';
import { ingest } from './ingest.ts';

const COUNTS = [2, 1];

export const WORKERS: BenchCase = {
  name: 'workers',
  title: 'two threads that count, and one',
  packets: 20_000_000,
  run: async ({ cache, packets, seed, runs }) => {
    const capture = telescopeDay(cache, packets, seed);
    const contestants = COUNTS.map((workers) => ({
      name: `--workers ${workers}`,
      work: packets,
      once: async () => {
        const args = ['--workers', String(workers)];
        return (await ingest({ capture, darknet: TELESCOPE.darknet, packets, args })).whole;
      },
    }));
    const measured = await contest(contestants, runs);
    const head = `whole command, ${packets.toLocaleString('en')} packets; median of ${runs} runs, in turn`;
    return { text: `${head}\n\n${contestText(measured, 'packets')}`, bars: [] };
  },
};
