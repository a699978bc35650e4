// `umbrascope serve`: the page and its programming interface, until it is told to stop.
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import type { Connection } from '../store/database.ts';
import { finaliseStale } from '../store/finalise/finalise.ts';
import { openLasting } from '../store/lasting.ts';
import { UsageError } from '../store/usage-error.ts';
import { type Access, LOCAL } from '../web/access.ts';
import { createApp } from '../web/app.ts';
import { answersOf } from '../web/report/answers.ts';
import { startServer } from '../web/server.ts';
import { run } from './failures.ts';
import { duration, portNumber, type StoreOptions, storeOptions } from './options.ts';
import { withStore } from './store.ts';

export interface ServeOptions extends StoreOptions {
  host: string;
  port: number;
  /** Milliseconds. */
  finalise: number;
  token?: string;
  public?: boolean;
}

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 8080;
/** As sensors do it. */
const DEFAULT_FINALISE_MS = duration('5m');
const SHORTEST_TOKEN = 16;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i;

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
  return storeOptions(new Command('serve'))
    .option('--host <address>', 'address to listen on', DEFAULT_HOST)
    .option('--port <n>', 'port to listen on; 0 takes a free one', portNumber, DEFAULT_PORT)
    .addOption(
      new Option('--token <secret>', 'whoever has it may see the page; at least 16 characters').env('UMBRASCOPE_TOKEN'),
    )
    .option(
      '--finalise <duration>',
      'how often days are made that packets have come for',
      duration,
      DEFAULT_FINALISE_MS,
    )
    .option('--public', 'everybody may see the page, which then shows no addresses and takes no notes')
    .action((options: ServeOptions) =>
      run(() => {
        const access = accessOf(options);
        return withStore(options, (db) => serve(db, [options], access, options.finalise), { open: openLasting });
      }),
    );
}

/** @throws UsageError when others could see the page without the operator having said so */
export function accessOf({ host, token, public: isPublic = false }: ServeOptions): Access {
  if (token !== undefined && isPublic) throw new UsageError('--token and --public: give one of them');
  if (token !== undefined && token.length < SHORTEST_TOKEN)
    throw new UsageError(`--token: at least ${SHORTEST_TOKEN} characters, so that nobody guesses it`);
  if (token === undefined && !isPublic && !LOOPBACK.test(host))
    throw new UsageError(
      `--host ${host}: others could see the page there; give --token SECRET for those who may, or --public, which hides addresses`,
    );
  return { ...(token === undefined ? {} : { token }), isPublic };
}

/**
 * Serves until SIGINT or SIGTERM.
 * @param places tried in order until one can be listened on
 */
export async function serve(
  db: Connection,
  places: readonly { host: string; port: number }[],
  access: Access = LOCAL,
  finaliseMs = DEFAULT_FINALISE_MS,
): Promise<void> {
  const days = keepFinalised(db, finaliseMs);
  await days.made;
  const stopped = stopSignal();
  let failure: unknown;
  for (const place of places) {
    const app = createApp({ questions: answersOf(db), pageDirectory: PAGE_DIRECTORY, logger: LOGGER, access });
    try {
      const address = await startServer(app, place);
      process.stdout.write(`umbrascope is at ${address}  (Ctrl-C stops it)\n`);
      await stopped;
      days.stop();
      await app.close();
      return;
    } catch (error) {
      await app.close();
      failure = error;
    }
  }
  days.stop();
  throw failure;
}

/**
 * Makes the days that packets have come for since: at once, and every few minutes while the page is served. A sensor that runs does the
 * same; two at once make the same days.
 */
function keepFinalised(db: Connection, everyMs: number): { made: Promise<unknown>; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const again = async () => {
    // The database may be away: the next time is soon enough.
    await finaliseStale(db).catch((error: Error) => {
      if (!isOver) process.stderr.write(`days could not be made: ${error.message}\n`);
    });
    if (!isOver) timer = setTimeout(again, everyMs);
  };
  const made = finaliseStale(db).then(() => {
    timer = setTimeout(again, everyMs);
  });
  return {
    made,
    stop: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
