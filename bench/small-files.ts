// A telescope that begins a new file every few seconds: what a file costs besides its packets. Beside it the same packets in one file.
import { program } from './baselines.ts';
import { TELESCOPE } from './captures/mixes.ts';
import type { BenchCase } from './case.ts';
import { contest, contestText, median } from './contest.ts';
import { telescopeDay, telescopeFiles } from './day.ts';
import { ingest, ingestContestants } from './ingest.ts';
import { atLeast } from './results.ts';

const PACKETS_EACH = 2000;
const FILES_RATE = 1000;

export const SMALL_FILES: BenchCase = {
  name: 'small-files',
  title: `many files of ${PACKETS_EACH.toLocaleString('en')} packets`,
  packets: 20_000_000,
  run: async ({ cache, packets, seed, runs }) => {
    const files = Math.max(1, Math.round(packets / PACKETS_EACH));
    const directory = telescopeFiles(cache, files, PACKETS_EACH, seed);
    const { darknet } = TELESCOPE;
    const ours = ingestContestants({ capture: directory, darknet, packets: files * PACKETS_EACH }, undefined, files);
    const one = { capture: telescopeDay(cache, files * PACKETS_EACH, seed), darknet, packets: files * PACKETS_EACH };
    const measured = await contest(
      [
        ...ours,
        { name: '… the same in one file', work: files, once: async () => (await ingest(one)).whole },
        program('sh', ['-c', `cat '${directory}'/*`], files, 'cat'),
      ],
      runs,
    );
    const [whole] = measured;
    const head = `${files.toLocaleString('en')} files; median of ${runs} runs, in turn`;
    const rate = files / median(whole?.seconds ?? []);
    return {
      text: `${head}\n\n${contestText(measured, 'files')}`,
      bars: [atLeast('whole command', FILES_RATE, rate, ' files/s')],
    };
  },
};
