// How fast a compressed telescope day comes out of our decompressors, beside the program that made it writing to /dev/null.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs';
import { openSource } from '../collector/source.ts';
import { telescopeDay } from './day.ts';
import { machineText, median } from './machine.ts';

/** Programs and their options, as most people leave them; xz at its quickest, since compressing takes long. */
const PROGRAMS = [
  { name: 'gzip', ending: 'gz', options: ['-6'] },
  { name: 'zstd', ending: 'zst', options: ['-3', '-q'] },
  { name: 'lz4', ending: 'lz4', options: ['-1', '-q'] },
  { name: 'xz', ending: 'xz', options: ['-1'] },
  { name: 'bzip2', ending: 'bz2', options: ['-9'] },
];

const BUFFER_BYTES = 1 << 20;

export async function benchDecompress(cache: string, packets: number, runs: number): Promise<void> {
  const day = telescopeDay(cache, packets);
  const megabytes = statSync(day).size / 1e6;
  console.log(`${machineText()}\ndecompress: ${Math.round(megabytes)} MB, seed 1, median of ${runs} runs (spread)\n`);
  console.log('       compressed  umbrascope                     the program                    ours : theirs');
  for (const { name, ending, options } of PROGRAMS) {
    const file = compressedDay(day, name, ending, options);
    if (file === undefined) {
      console.log(`${name.padEnd(6)} not installed`);
      continue;
    }
    const [ours, theirs, cpus]: number[][] = [[], [], []];
    for (let run = 0; run < runs; run++) {
      const cpuBefore = process.cpuUsage();
      ours?.push(await seconds(async () => await drain(file, statSync(day).size)));
      const { user, system } = process.cpuUsage(cpuBefore);
      cpus?.push((user + system) / 1e6);
      theirs?.push(await seconds(async () => program(name, ['-dc', file])));
    }
    const rate = (times: number[] = []) => {
      const spread = `(${Math.min(...times).toFixed(2)}–${Math.max(...times).toFixed(2)})`;
      return `${median(times).toFixed(2)} s ${spread} ${Math.round(megabytes / median(times))} MB/s`.padEnd(30);
    };
    const ratio = (median(ours ?? []) / median(theirs ?? [])).toFixed(2);
    const size = `${Math.round(statSync(file).size / 1e6)} MB`.padStart(7);
    console.log(
      `${name.padEnd(6)} ${size} ${rate(ours)} ${rate(theirs)} × ${ratio}   CPU ${median(cpus ?? []).toFixed(2)} s`,
    );
  }
}

async function seconds(run: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await run();
  return (performance.now() - started) / 1000;
}

async function drain(file: string, expected: number): Promise<void> {
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
}

function program(name: string, args: string[]): void {
  const { status } = spawnSync(name, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${name} ${args.join(' ')} failed`);
}

/** The day compressed, made once; undefined where the program is not installed. */
function compressedDay(day: string, name: string, ending: string, options: string[]): string | undefined {
  const file = `${day}.${ending}`;
  if (existsSync(file)) return file;
  const unfinished = `${file}.unfinished`;
  const output = openSync(unfinished, 'w');
  const { error, status } = spawnSync(name, [...options, '-c', day], { stdio: ['ignore', output, 'inherit'] });
  closeSync(output);
  if (error || status !== 0) return undefined;
  renameSync(unfinished, file);
  return file;
}
