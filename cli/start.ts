// `npm start`: the sample captures into an embedded database, then the page. Run again, it ingests nothing again.
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { openLasting } from '../store/lasting.ts';
import { run } from './failures.ts';
import { accountText } from './ingest/account.ts';
import { ingestDefaults, ingestInto } from './ingest.ts';
import { dataOption, type StoreOptions } from './options.ts';
import { DEFAULT_HOST, DEFAULT_PORT, serve } from './serve.ts';
import { withStore } from './store.ts';

/** The sensor of sample-pcaps/README.md. */
const SAMPLE_SENSOR = 'sample';
const SAMPLE_DARKNET = ['198.51.100.0/26', '2001:db8:64::/64'];
const SAMPLES = fileURLToPath(new URL('../../sample-pcaps/*.gz', import.meta.url));

export function startCommand(): Command {
  return new Command('start').addOption(dataOption()).action((options: StoreOptions) =>
    run(() =>
      withStore(
        options,
        async (db) => {
          const account = await ingestInto(db, [SAMPLES], {
            ...ingestDefaults(),
            ...options,
            sensor: SAMPLE_SENSOR,
            darknet: SAMPLE_DARKNET,
          });
          process.stdout.write(`${accountText(account)}\n`);
          await serve(db, [
            { host: DEFAULT_HOST, port: DEFAULT_PORT },
            { host: DEFAULT_HOST, port: 0 },
          ]);
        },
        { open: openLasting },
      ),
    ),
  );
}
