// `npm run bench [-- replay|stages|decompress|live] [--packets N] [--runs N]`
import path from 'node:path';
import { Command } from 'commander';
import { benchDecompress } from './decompress.ts';
import { benchLive } from './live/live.ts';
import { benchReplay } from './replay.ts';
import { benchStages } from './stages.ts';

const cache = path.resolve(import.meta.dirname, '../../bench/.cache');

const program = new Command('bench').description('measurements, each beside its baselines');
program
  .command('replay', { isDefault: true })
  .description('from a capture file to committed rows')
  .option('--packets <n>', 'size of the telescope day', Number, 20_000_000)
  .option('--runs <n>', 'runs of each case', Number, 3)
  .action(({ packets, runs }: { packets: number; runs: number }) => benchReplay(cache, packets, runs));
program
  .command('stages')
  .description('the stages of a worker apart')
  .action(() => benchStages(cache));
program
  .command('decompress')
  .description('decompressors, beside the programs of the same name')
  .option('--packets <n>', 'size of the telescope day', Number, 6_500_000)
  .option('--runs <n>', 'runs of each case', Number, 3)
  .action(({ packets, runs }: { packets: number; runs: number }) => benchDecompress(cache, packets, runs));
program
  .command('live')
  .description('a live sensor, beside tcpdump: what is lost, and what it costs (root)')
  .option('--packets <n>', 'SYNs sent in each run', Number, 5_000_000)
  .option('--rate <n>', 'SYNs a second in the first round', Number, 1_000_000)
  .action(({ packets, rate }: { packets: number; rate: number }) => benchLive(packets, rate));
await program.parseAsync();
