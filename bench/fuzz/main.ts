// `npm run fuzz -- --runs N [--seed S] [--seconds S]`: changed captures through the reader, the decoder and the counts. Exit 1 when one of
// them is read wrongly; it is then kept, with the command that reads it again.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { FAILED, run } from '../../cli/failures.ts';
import { positiveNumber, wholeNumber } from '../../cli/options.ts';
import { captureSeeds, madeSeeds } from './corpus.ts';
import { createExaminer } from './examine.ts';
import { mutantOf } from './mutate.ts';
import { fuzz } from './run.ts';

interface FuzzOptions {
  runs: number;
  seed: number;
  seconds: number;
  threads: number;
  mostBytes: number;
  keep: string;
  captures: string;
  replay?: string;
}

const root = path.resolve(import.meta.dirname, '../../..');
const KEPT_MOST = 20;
const DEFAULT_RUNS = 20_000;
const DEFAULT_SECONDS = 3600;
const DEFAULT_MOST_BYTES = 16_384;

await new Command('fuzz')
  .description(
    'reads captures that were changed at random: none may crash, hang, be counted wrongly or take much memory',
  )
  .option('--runs <n>', 'mutants', wholeNumber, DEFAULT_RUNS)
  .option('--seed <n>', 'the same seed makes the same mutants', wholeNumber, 1)
  .option('--seconds <n>', 'end after this long, however many there were', positiveNumber, DEFAULT_SECONDS)
  .option('--threads <n>', 'threads that read', wholeNumber, 1)
  .option('--most-bytes <n>', 'how much of a capture is taken', wholeNumber, DEFAULT_MOST_BYTES)
  .option('--captures <dir>', 'captures to change, besides those made here', path.join(root, '../shared/pcaps'))
  .option('--keep <dir>', 'where mutants that are read wrongly go', path.join(tmpdir(), 'umbrascope-mutants'))
  .option('--replay <file>', 'read this one file only')
  .action((options: FuzzOptions) =>
    run(async () => {
      if (options.replay) await replay(options.replay);
      else await fuzzAll(options);
    }),
  )
  .parseAsync();

async function fuzzAll(options: FuzzOptions): Promise<void> {
  const seeds = [...madeSeeds(), ...captureSeeds(options.captures, options.mostBytes)];
  const { runs, seed, seconds, threads } = options;
  console.log(`${seeds.length} captures, seed ${seed}, ${runs.toLocaleString('en')} mutants, ${threads} threads`);
  const onProgress = (done: number) => console.log(`${done.toLocaleString('en')} mutants read`);
  const result = await fuzz({ seeds, seed, from: 0, runs, seconds, threads, onProgress });
  for (const { number, faults } of result.faults.slice(0, KEPT_MOST)) {
    const { bytes, compressed, story } = mutantOf(seeds, seed, number);
    mkdirSync(options.keep, { recursive: true });
    const file = path.join(options.keep, `mutant-${seed}-${number}${compressed ? '.gz' : '.cap'}`);
    writeFileSync(file, bytes);
    console.log(
      `\nmutant ${number}: ${story.join(', ')}\n  ${faults.join('\n  ')}\n  npm run fuzz -- --replay ${file}`,
    );
  }
  const rate = Math.round(result.mutants / result.seconds).toLocaleString('en');
  console.log(
    `${result.mutants.toLocaleString('en')} mutants (${result.frames.toLocaleString('en')} frames) in ${result.seconds.toFixed(1)} s, ${rate} a second; at most ${Math.round(result.peak / 1e6)} MB; ${result.faults.length} read wrongly`,
  );
  if (result.faults.length > 0) process.exitCode = FAILED;
}

async function replay(file: string): Promise<void> {
  const examiner = createExaminer();
  const faults = file.endsWith('.gz') ? await examiner.faultsOfFile(file) : await examiner.faultsOf(readFileSync(file));
  console.log(`${file}: ${examiner.frames()} frames; ${faults.length === 0 ? 'read well' : faults.join('\n')}`);
  if (faults.length > 0) process.exitCode = FAILED;
}
