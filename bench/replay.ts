// From a capture file to committed rows, beside programs that only read or count the same packets.
import { CAPINFOS, pcapParser, program, readers } from './baselines.ts';
import { DISTINCT, type Mix, TELESCOPE, WORM } from './captures/mixes.ts';
import type { BenchCase, CaseOptions } from './case.ts';
import { type Contestant, contest, contestText, type Measured, median, ratio } from './contest.ts';
import { telescopeDay } from './day.ts';
import { ingestContestants } from './ingest.ts';
import { atLeast, atMost, type Bar } from './results.ts';

const PACKETS = 20_000_000;
const DISTINCT_RATE = 3;

export const REPLAY: BenchCase = {
  name: 'replay',
  title: `a day of ${TELESCOPE.what}`,
  packets: PACKETS,
  run: async (options) => {
    const others = (capture: string) => [...readers(capture, options.packets), pcapParser(options.cache, options.seed)];
    return await replay(options, TELESCOPE, others, (measured) => besideCapinfos(measured));
  },
};

export const REPLAY_DISTINCT: BenchCase = {
  name: 'replay-distinct',
  title: `a day of ${DISTINCT.what}`,
  packets: PACKETS,
  run: (options) =>
    replay(options, DISTINCT, capinfos(options.packets), ([whole, committed]) => {
      const rate = (one: Measured) => one.work / median(one.seconds) / 1e6;
      return [
        atLeast('to committed rows', DISTINCT_RATE, rate(committed as Measured), ' M packets/s'),
        atLeast('whole command', DISTINCT_RATE, rate(whole as Measured), ' M packets/s'),
      ];
    }),
};

export const REPLAY_WORM: BenchCase = {
  name: 'replay-worm',
  title: `a day of ${WORM.what}`,
  packets: PACKETS,
  run: (options) => replay(options, WORM, capinfos(options.packets), (measured) => besideCapinfos(measured)),
};

function capinfos(packets: number): (capture: string) => Contestant[] {
  return (capture) => [program('capinfos', ['-c', '-M', capture], packets, CAPINFOS)];
}

async function replay(
  { cache, packets, seed, runs }: CaseOptions,
  mix: Mix,
  others: (capture: string) => Contestant[],
  barsOf: (measured: readonly Measured[]) => Bar[],
): Promise<{ text: string; bars: Bar[] }> {
  const capture = telescopeDay(cache, packets, seed, mix);
  const ours = ingestContestants({ capture, darknet: mix.darknet, packets });
  const measured = await contest([...ours, ...others(capture)], runs);
  const head = `${packets.toLocaleString('en')} packets; median of ${runs} runs, in turn`;
  return { text: `${head}\n\n${contestText(measured, 'packets')}`, bars: barsOf(measured) };
}

/** The bar stands where capinfos is installed. */
function besideCapinfos(measured: readonly Measured[]): Bar[] {
  const other = measured.find(({ name }) => name === CAPINFOS);
  const [whole] = measured;
  if (!whole || !other?.seconds.length) return [];
  return [atMost(`whole command / ${CAPINFOS}`, 1, ratio(whole, other))];
}
