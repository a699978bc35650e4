// How fast a compressed telescope day comes out of our decompressors, beside the program that made it writing to /dev/null.
import { statSync } from 'node:fs';
import { openSource } from '../collector/source.ts';
import { program } from './baselines.ts';
import type { BenchCase } from './case.ts';
import { compressedDay } from './compressed.ts';
import { contest, median, ratio, spread } from './contest.ts';
import { telescopeDay } from './day.ts';

/** Programs and their options, as most people leave them; xz at its quickest, since compressing takes long. */
const PROGRAMS = [
  { name: 'gzip', ending: 'gz', options: ['-6'] },
  { name: 'zstd', ending: 'zst', options: ['-3', '-q'] },
  { name: 'lz4', ending: 'lz4', options: ['-1', '-q'] },
  { name: 'xz', ending: 'xz', options: ['-1'] },
  { name: 'bzip2', ending: 'bz2', options: ['-9'] },
];

const BUFFER_BYTES = 1 << 20;

export const DECOMPRESS: BenchCase = {
  name: 'decompress',
  title: 'our decompressors, beside the programs of the same name',
  packets: 6_500_000,
  run: async ({ cache, packets, seed, runs }) => {
    const day = telescopeDay(cache, packets, seed);
    const { size } = statSync(day);
    const megabytes = size / 1e6;
    const lines = [
      `${Math.round(megabytes)} MB; seconds, median of ${runs} runs (least–most), in turn`,
      '',
      '       compressed  umbrascope                      the program                     ours / theirs',
    ];
    for (const { name, ending, options } of PROGRAMS) {
      const file = compressedDay(day, name, ending, options);
      if (file === undefined) {
        lines.push(`${name.padEnd(6)} not installed`);
        continue;
      }
      const processor: number[] = [];
      const once = () => drainSeconds(file, size, processor);
      const theirs = program(name, ['-dc', file], 1, name);
      const measured = await contest([{ name: 'umbrascope', work: 1, once }, theirs], runs);
      const rates = measured.map(({ seconds }) =>
        `${spread(seconds)} ${Math.round(megabytes / median(seconds))} MB/s`.padEnd(31),
      );
      const beside = measured[0] && measured[1] ? ratio(measured[0], measured[1]).toFixed(2) : '';
      const packed = `${Math.round(statSync(file).size / 1e6)} MB`.padStart(7);
      lines.push(`${name.padEnd(6)} ${packed} ${rates.join(' ')} ${beside}   CPU ${median(processor).toFixed(2)} s`);
    }
    return { text: lines.join('\n'), bars: [] };
  },
};

/** @param processor takes the processor seconds of this process */
async function drainSeconds(file: string, expected: number, processor: number[]): Promise<number> {
  const started = performance.now();
  const before = process.cpuUsage();
  const source = await openSource(file);
  const buffer = new Uint8Array(BUFFER_BYTES);
  let bytes = 0;
  for (;;) {
    const count = await source.read(buffer, 0, buffer.length);
    if (count === 0) break;
    bytes += count;
  }
  await source.close();
  if (bytes !== expected || source.damage()) throw new Error(`${file}: ${bytes} bytes, ${source.damage()?.what}`);
  const { user, system } = process.cpuUsage(before);
  processor.push((user + system) / 1e6);
  return (performance.now() - started) / 1000;
}
