// `umbrascope serve`: the page and its programming interface, until it is told to stop.
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { Connection } from '../store/database.ts';
import { finaliseStale } from '../store/finalise/finalise.ts';
import { createApp } from '../web/app.ts';
import { answersOf } from '../web/report/answers.ts';
import { startServer } from '../web/server.ts';
import { run } from './failures.ts';
import { clickhouseOption, dataOption, portNumber, type StoreOptions } from './options.ts';
import { withStore } from './store.ts';

export interface ServeOptions extends StoreOptions {
  host: string;
  port: number;
}

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 8080;

/** The built page, beside the compiled command line. */
const PAGE_DIRECTORY = fileURLToPath(new URL('../web/page-assets', import.meta.url));

/** What a reader of the page is not told: one line for each failure, on standard error. */
const LOGGER = {
  level: 'error',
  stream: process.stderr,
  base: null,
  serializers: { err: (error: Error) => error.message as never },
};

export function serveCommand(): Command {
  return new Command('serve')
    .addOption(dataOption())
    .addOption(clickhouseOption())
    .option('--host <address>', 'address to listen on', DEFAULT_HOST)
    .option('--port <n>', 'port to listen on; 0 takes a free one', portNumber, DEFAULT_PORT)
    .action((options: ServeOptions) => run(() => withStore(options, (db) => serve(db, [options]))));
}

/**
 * Serves until SIGINT or SIGTERM.
 * @param places tried in order until one can be listened on
 */
export async function serve(db: Connection, places: readonly { host: string; port: number }[]): Promise<void> {
  await finaliseStale(db);
  const stopped = stopSignal();
  let failure: unknown;
  for (const place of places) {
    const app = createApp({ questions: answersOf(db), pageDirectory: PAGE_DIRECTORY, logger: LOGGER });
    try {
      const address = await startServer(app, place);
      process.stdout.write(`umbrascope is at ${address}  (Ctrl-C stops it)\n`);
      await stopped;
      await app.close();
      return;
    } catch (error) {
      await app.close();
      failure = error;
    }
  }
  throw failure;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
