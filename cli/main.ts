#!/usr/bin/env -S GLIBC_TUNABLES=glibc.malloc.hugetlb=1 node
// The command line: one file a command, put together here. Only the command that runs is loaded.
// The first line asks for large pages of memory, with which counting millions of flows is quicker; it works without them too.
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { WRONG_USE } from './failures.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** In the order of the help. */
const COMMANDS: Record<string, { about: string; load: () => Promise<Command> }> = {
  ingest: {
    about: 'read captures into the database',
    load: async () => (await import('./ingest.ts')).ingestCommand(),
  },
  sensor: {
    about: 'capture an interface live, count every packet, and know what was lost',
    load: async () => (await import('./sensor.ts')).sensorCommand(),
  },
  report: {
    about: 'the year-on-year report: in the terminal, or as a picture or data',
    load: async () => (await import('./report.ts')).reportCommand(),
  },
  top: {
    about: 'the ports, sources or tools with most packets',
    load: async () => (await import('./top.ts')).topCommand(),
  },
  status: {
    about: 'the account of every frame, coverage, and the database',
    load: async () => (await import('./status.ts')).statusCommand(),
  },
  verify: {
    about: 'read captures again and compare them with what is stored',
    load: async () => (await import('./verify.ts')).verifyCommand(),
  },
  serve: {
    about: 'serve the page',
    load: async () => (await import('./serve.ts')).serveCommand(),
  },
  engine: {
    about: 'the database itself: its tables, its process, SQL',
    load: async () => (await import('./engine.ts')).engineCommand(),
  },
  classify: {
    about: 'print the rules: fates, kinds, categories, tools',
    load: async () => (await import('./classify.ts')).classifyCommand(),
  },
  start: {
    about: 'try it: ingest the sample captures, then serve the page',
    load: async () => (await import('./start.ts')).startCommand(),
  },
};

const program = new Command('umbrascope')
  .description(
    'A network telescope anyone can run: darknet captures in, exact counts in ClickHouse, year-on-year attack charts out.',
  )
  .version(version);
const named = process.argv.slice(2).find((argument) => Object.hasOwn(COMMANDS, argument));
for (const [name, { about, load }] of Object.entries(COMMANDS)) {
  program.addCommand(name === named ? (await load()).description(about) : new Command(name).description(about));
}
for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
  command.showHelpAfterError('(add --help for all options)');
  command.exitOverride((error) => {
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
    throw error;
  });
}
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads us has enough (`| head`).
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
program.parseAsync().catch((error: { code?: string }) => {
  // commander has printed its own message; anything else is a fault of ours.
  if (!error.code?.startsWith('commander.')) throw error;
});
