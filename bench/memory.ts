// Memory of all processes together, the engine included: a capture of five times the packets must not take more. Its time stands beside it.
import { existsSync } from 'node:fs';
import { CAPINFOS, program } from './baselines.ts';
import { TELESCOPE } from './captures/mixes.ts';
import type { BenchCase } from './case.ts';
import { contest, contestText, median, spread } from './contest.ts';
import { telescopeDay } from './day.ts';
import { ingest, ingestContestants } from './ingest.ts';
import { atMost } from './results.ts';
import { enginePid } from './soak/command.ts';
import { treeBytes } from './soak/limit.ts';

const TIMES = 5;
const MOST_GIGABYTES = 2.5;
const MOST_DIFFERENCE = 10;
const LOOK_MS = 200;

export const MEMORY: BenchCase = {
  name: 'memory',
  title: `the telescope’s day and one of ${TIMES} times its packets: time, and most memory of all processes together`,
  packets: 20_000_000,
  run: async ({ cache, packets, seed, runs }) => {
    if (!existsSync('/proc/self/smaps_rollup')) {
      console.log('not measured: the memory of other processes is read as Linux tells it');
      return undefined;
    }
    const { darknet } = TELESCOPE;
    const peaks: { large: number[]; small: number[] } = { large: [], small: [] };
    const plan = (many: number, into: number[]) => ({
      capture: telescopeDay(cache, many, seed),
      darknet,
      packets: many,
      started: (pid: number, data: string) => watchPeak(pid, data, into),
    });
    const large = plan(packets * TIMES, peaks.large);
    const small = plan(packets, peaks.small);
    const measured = await contest(
      [
        ...ingestContestants(large),
        program('capinfos', ['-c', '-M', large.capture], large.packets, CAPINFOS),
        program('tcpdump', ['-r', large.capture, '-w', '/dev/null'], large.packets, 'tcpdump -w /dev/null'),
        { name: 'a fifth of it', work: small.packets, once: async () => (await ingest(small)).whole },
      ],
      runs,
    );
    const [most, less] = [median(peaks.large), median(peaks.small)];
    const lines = [
      `${large.packets.toLocaleString('en')} packets; median of ${runs} runs, in turn`,
      '',
      contestText(measured, 'packets'),
      '',
      'most memory of all processes (proportional set size, looked at five times a second), GB:',
      ...[large, small].map((one) => {
        const values = one === large ? peaks.large : peaks.small;
        return `${one.packets.toLocaleString('en').padStart(13)} packets   ${spread(values)}`;
      }),
    ];
    const bars = [
      atMost('most memory of all processes', MOST_GIGABYTES, Math.max(...peaks.large, ...peaks.small), ' GB'),
      atMost('difference between the two', MOST_DIFFERENCE, Math.abs(most / less - 1) * 100, ' %'),
    ];
    return { text: lines.join('\n'), bars };
  },
};

/** Looks at the command, what it starts and its engine until they have ended; then adds the most they held, in GB. */
function watchPeak(pid: number, data: string, into: number[]): void {
  const number = into.push(0) - 1;
  let engine: number | undefined;
  const look = setInterval(() => {
    engine ??= enginePid(data);
    const bytes = treeBytes(pid, engine, 'Pss');
    if (bytes === 0) clearInterval(look);
    into[number] = Math.max(into[number] ?? 0, bytes / 1e9);
  }, LOOK_MS);
}
