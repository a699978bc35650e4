// The replay of a compressed capture, beside the program that decompresses it to nowhere. Captures are compressed once and kept.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs';
import { program } from './baselines.ts';
import { TELESCOPE } from './captures/mixes.ts';
import type { BenchCase, CaseOptions } from './case.ts';
import { contest, contestText, ratio } from './contest.ts';
import { telescopeDay } from './day.ts';
import { ingestContestants } from './ingest.ts';
import { atMost } from './results.ts';

const PACKETS = 20_000_000;
const MOST_BESIDE_GZIP = 1.1;

export const REPLAY_GZ: BenchCase = {
  name: 'replay-gz',
  title: 'the telescope’s day as gzip -6 leaves it',
  packets: PACKETS,
  run: (options) => replayCompressed(options, 'gzip', 'gz', ['-6'], MOST_BESIDE_GZIP),
};

export const REPLAY_ZST: BenchCase = {
  name: 'replay-zst',
  title: 'the telescope’s day as zstd -3 leaves it',
  packets: PACKETS,
  run: (options) => replayCompressed(options, 'zstd', 'zst', ['-3', '-q']),
};

async function replayCompressed(
  { cache, packets, seed, runs }: CaseOptions,
  command: string,
  ending: string,
  how: readonly string[],
  most?: number,
): ReturnType<BenchCase['run']> {
  const day = telescopeDay(cache, packets, seed);
  const capture = compressedDay(day, command, ending, how);
  if (capture === undefined) {
    console.log(`not measured: ${command} is not installed`);
    return undefined;
  }
  const ours = ingestContestants({ capture, darknet: TELESCOPE.darknet, packets });
  const name = `${command} -dc > /dev/null`;
  const measured = await contest([...ours, program(command, ['-dc', capture], packets, name)], runs);
  const megabytes = (file: string) => Math.round(statSync(file).size / 1e6).toLocaleString('en');
  const head = `${packets.toLocaleString('en')} packets, ${megabytes(day)} MB in ${megabytes(capture)}; median of ${runs} runs, in turn`;
  const [whole, , theirs] = measured;
  const bars = most && whole && theirs ? [atMost(`whole command / ${name}`, most, ratio(whole, theirs))] : [];
  return { text: `${head}\n\n${contestText(measured, 'packets')}`, bars };
}

/** The capture compressed, made once; undefined where the program is not installed. */
export function compressedDay(
  day: string,
  command: string,
  ending: string,
  options: readonly string[],
): string | undefined {
  const file = `${day}.${ending}`;
  if (existsSync(file)) return file;
  const unfinished = `${file}.unfinished`;
  const output = openSync(unfinished, 'w');
  const { error, status } = spawnSync(command, [...options, '-c', day], { stdio: ['ignore', output, 'inherit'] });
  closeSync(output);
  if (error || status !== 0) return undefined;
  renameSync(unfinished, file);
  return file;
}
