// `npm run bench`: every case, one after another; `npm run bench -- CASE`: one. What it makes is kept in bench/.cache for the next time.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { run } from '../cli/failures.ts';
import { wholeNumber } from '../cli/options.ts';
import { type BenchCase, caseCommand } from './case.ts';
import { REPLAY_GZ, REPLAY_ZST } from './compressed.ts';
import { DECADE } from './decade/decade.ts';
import { PAGE } from './decade/page.ts';
import { DECOMPRESS } from './decompress.ts';
import { FINALISING, FINALISING_DISTINCT } from './finalising.ts';
import { benchLive } from './live/live.ts';
import { MEMORY } from './memory.ts';
import { PROFILE } from './profile.ts';
import { REPLAY, REPLAY_DISTINCT, REPLAY_WORM } from './replay.ts';
import { SMALL_FILES } from './small-files.ts';
import { STAGES } from './stages.ts';
import { STORED } from './stored.ts';
import { WORKERS } from './workers.ts';

const cache = path.resolve(import.meta.dirname, '../../bench/.cache');

const CASES: readonly BenchCase[] = [
  REPLAY,
  REPLAY_DISTINCT,
  REPLAY_WORM,
  REPLAY_GZ,
  REPLAY_ZST,
  SMALL_FILES,
  PROFILE,
  STAGES,
  WORKERS,
  MEMORY,
  STORED,
  FINALISING,
  FINALISING_DISTINCT,
  DECOMPRESS,
  DECADE,
  PAGE,
];

const program = new Command('bench').description('measurements, each beside its baselines');
program
  .command('all', { isDefault: true })
  .description('every case but live: half an hour on two cores, 17 GB of captures in bench/.cache')
  .option('--runs <n>', 'runs of each contestant', wholeNumber)
  .option('--seed <n>', 'of made captures', wholeNumber)
  .option('--packets <n>', 'size of every case that has one', wholeNumber)
  .action(async ({ packets, ...given }: Record<string, number>) => {
    for (const one of CASES) {
      const options = packets === undefined || one.packets === undefined ? given : { ...given, packets };
      const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
      await caseCommand(one, cache).parseAsync(args, { from: 'user' });
    }
  });
for (const one of CASES) program.addCommand(caseCommand(one, cache));
program
  .command('live')
  .description(
    'a live sensor by every way of capturing, beside tcpdump: what is lost, what it costs, how late it is (root)',
  )
  .option('--packets <n>', 'SYNs sent in each run', Number, 5_000_000)
  .option('--rate <n>', 'SYNs a second in the first round', Number, 1_000_000)
  .option('--install-cap', 'install npm’s cap into bench/.cache, to be measured too', false)
  .action((options: { packets: number; rate: number; installCap: boolean }) => benchLive({ ...options, cache }));
program
  .command('clean')
  .description('deletes the captures that were made')
  .action(() => rmSync(cache, { recursive: true, force: true }));
await run(() => program.parseAsync().then(() => {}));
