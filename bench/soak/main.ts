// `npm run soak -- kills|large|share|slow|sensor|sensor-kills|faults|stream`: what takes too long for the tests. Exit 1 when something is not as it should be.
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { FAILED, run } from '../../cli/failures.ts';
import { positiveNumber, wholeNumber } from '../../cli/options.ts';
import { runFaults } from './faults/run.ts';
import { TRIALS } from './faults/trials.ts';
import { kills } from './kills.ts';
import { large } from './large.ts';
import { sensorKills, sensorSoak } from './sensor.ts';
import { share } from './share.ts';
import { slow } from './slow.ts';
import { streamSoak } from './stream.ts';

const program = path.resolve(import.meta.dirname, '../../program/main.js');
const log = (line: string) => console.log(line);

const command = new Command('soak').description('long trials of the whole program');
command
  .command('kills')
  .description('kill -9 at random moments of an ingest: the tables must be those of an undisturbed one')
  .option('--kills <n>', 'how often', wholeNumber, 100)
  .option('--files <n>', 'captures', wholeNumber, 200)
  .option('--packets <n>', 'packets a capture', wholeNumber, 7000)
  .option('--seed <n>', 'of the captures and the moments', wholeNumber, 1)
  .action((options: { kills: number; files: number; packets: number; seed: number }) =>
    run(async () => {
      const result = await kills({ ...options, program, packetsPerFile: options.packets, log });
      const moments = Object.entries(result.moments).map(([moment, times]) => `${times} ${moment}`);
      log(`${result.kills} kills in ${result.rounds} rounds (${moments.join(', ')}); ${result.faults.length} faults`);
      for (const fault of result.faults) log(fault);
      if (result.faults.length > 0) process.exitCode = FAILED;
    }),
  );
command
  .command('large')
  .description('a large capture, all processes together within a limit of memory')
  .option('--gigabytes <n>', 'of the capture, which is made and deleted', positiveNumber, 20)
  .option('--limit <gigabytes>', 'of memory', positiveNumber, 1.5)
  .option('--directory <dir>', 'made and deleted', path.join(tmpdir(), 'umbrascope-large'))
  .argument('[args...]', 'further arguments of ingest, behind --')
  .action((args: string[], { gigabytes, limit, directory }: { gigabytes: number; limit: number; directory: string }) =>
    run(async () => {
      const faults = await large({ program, directory, gigabytes, memoryBytes: limit * 1e9, args, log });
      for (const fault of faults) log(fault);
      if (faults.length > 0) process.exitCode = FAILED;
    }),
  );
command
  .command('share')
  .description(
    'several ingests of one archive, killed and stopped at random: the tables must be those of an undisturbed one',
  )
  .option('--processes <n>', 'that share', wholeNumber, 4)
  .option('--files <n>', 'captures', wholeNumber, 1000)
  .option('--packets <n>', 'packets a capture', wholeNumber, 3000)
  .option(
    '--kills <n>',
    'of processes, every fifth a stop beyond the lease, every tenth of the engine',
    wholeNumber,
    100,
  )
  .option('--every <ms>', 'between kills, on average', wholeNumber, 1500)
  .option('--lease <seconds>', 'of the processes', positiveNumber, 5)
  .option('--seed <n>', 'of the captures and the moments', wholeNumber, 1)
  .action((options: Record<'processes' | 'files' | 'packets' | 'kills' | 'every' | 'lease' | 'seed', number>) =>
    report(async () => {
      const { packets, every, lease, ...rest } = options;
      const result = await share({
        ...rest,
        program,
        log,
        packetsPerFile: packets,
        everyMs: every,
        leaseSeconds: lease,
        engineEvery: 10,
        stopEvery: 5,
      });
      const { kills, stops, engineKills, rounds } = result;
      log(`${kills} kills, ${stops} stops, ${engineKills} kills of the engine in ${rounds} rounds`);
      return result.faults;
    }),
  );
command
  .command('slow')
  .description(
    'a server whose answers are late: an ingest by itself, then two that share, wait for them and lose nothing',
  )
  .option('--delay <seconds>', 'of every answer from the first insert on', positiveNumber, 30)
  .option('--packets <n>', 'in each of two captures', wholeNumber, 300_000)
  .action(({ delay, packets }: { delay: number; packets: number }) =>
    report(async () => {
      const plan = { program, log, packets, delayMs: delay * 1000 };
      return [...(await slow({ ...plan, share: false })), ...(await slow({ ...plan, share: true }))];
    }),
  );
command
  .command('sensor')
  .description('a live sensor under steady load: nothing lost unnamed, memory and open files flat (root)')
  .option('--minutes <n>', 'how long', positiveNumber, 30)
  .option('--rate <n>', 'SYNs a second', wholeNumber, 100_000)
  .action((options: { minutes: number; rate: number }) => report(() => sensorSoak({ ...options, log })));
command
  .command('sensor-kills')
  .description('kill -9 of a live sensor: a kill costs at most a flush, and nothing is counted twice (root)')
  .option('--kills <n>', 'how often', wholeNumber, 20)
  .option('--rate <n>', 'SYNs a second', wholeNumber, 50_000)
  .action((options: { kills: number; rate: number }) => report(() => sensorKills({ ...options, log })));
command
  .command('faults')
  .description('what may happen to a live sensor under load: what is lost must be named, to the last frame (root)')
  .argument('[fault...]', `which: ${Object.keys(TRIALS).join(', ')}; none = all`)
  .option('--seconds <n>', 'how long each lasts', wholeNumber, 60)
  .option('--rate <n>', 'SYNs a second', wholeNumber, 200_000)
  .action((names: string[], options: { seconds: number; rate: number }) =>
    report(() => runFaults(names, { ...options, log })),
  );
command
  .command('stream')
  .description('many clients watch what arrives: each gets every event, and memory stays flat')
  .option('--minutes <n>', 'how long', positiveNumber, 10)
  .option('--clients <n>', 'who watch', wholeNumber, 50)
  .option('--rate <n>', 'SYNs a second', wholeNumber, 200)
  .action((options: { minutes: number; clients: number; rate: number }) =>
    report(() => streamSoak({ ...options, program, log })),
  );
await command.parseAsync();

function report(trial: () => Promise<string[]>): Promise<void> {
  return run(async () => {
    const faults = await trial();
    for (const fault of faults) log(fault);
    log(`${faults.length} faults`);
    if (faults.length > 0) process.exitCode = FAILED;
  });
}
