// `umbrascope ingest`: captures into the database, ending with the account of every frame.
import { closeSync, existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ruleRows } from '../analyzer/classify/rules.ts';
import { type CaptureFile, discoverCaptures } from '../collector/discover.ts';
import { createProgress, noProgress } from '../collector/progress.ts';
import { beginAlone, endAlone, refuseOtherDirectories } from '../store/alone.ts';
import { refuseBesideOthers } from '../store/claims.ts';
import type { Connection } from '../store/database.ts';
import { dataFiles, prepareSpool } from '../store/engine/files.ts';
import { tryLock } from '../store/engine/libc.ts';
import { writeRules, writeSensor } from '../store/sensors.ts';
import { isNewStore, openMeanwhile, openStore } from '../store/store.ts';
import { UsageError } from '../store/usage-error.ts';
import { FAILED, run } from './failures.ts';
import { accountText, type RunAccount } from './ingest/account.ts';
import { checkAlone, checkTogether } from './ingest/checks.ts';
import { Ingest, type IngestConfig } from './ingest/run.ts';
import {
  analyzerConfig,
  knownSensor,
  readRules,
  refuseUsed,
  rulesOf,
  settingsText,
  settledSensor,
} from './ingest/settings.ts';
import { directoryOf, ingestShared, sharedSettings } from './ingest/share/share.ts';
import { watchOn } from './ingest/watch.ts';
import { instant, parsePrefix, positiveNumber, type StoreOptions, storeOptions, wholeNumber } from './options.ts';
import { withStore } from './store.ts';

/**
 * Threads that count: one a core but for one core, which reading and the database fill (`npm run bench -- workers`). More than eight would
 * wait for the one thread that reads.
 */
export const DEFAULT_WORKERS = Math.min(Math.max(availableParallelism() - 1, 1), 8);
/** Times accepted by default: the second after the epoch (0 is what a clockless writer leaves) up to the year 2100. */
const EARLIEST = 1;
const LATEST = Date.UTC(2100, 0, 1) / 1000;
export const DEFAULT_SENSOR = 'default';
const WATCH_SECONDS = 5;
const LEASE_SECONDS = 60;

export interface IngestOptions extends StoreOptions {
  sensor: string;
  darknet?: string[];
  timeZone?: string;
  workers: number;
  rules?: string;
  surveyPorts?: number;
  surveyPackets?: number;
  earliest: number;
  latest: number;
  strict: boolean;
  watch: boolean;
  every: number;
  share: boolean;
  lease?: number;
  json?: boolean;
}

export function ingestDefaults(): Omit<IngestOptions, keyof StoreOptions> {
  return {
    sensor: DEFAULT_SENSOR,
    workers: DEFAULT_WORKERS,
    earliest: EARLIEST,
    latest: LATEST,
    strict: false,
    watch: false,
    every: WATCH_SECONDS,
    share: false,
  };
}

export function ingestCommand(): Command {
  return storeOptions(new Command('ingest').argument('[file...]', 'captures, directories of captures, globs, or -'))
    .option('--sensor <name>', 'sensor that captured them', DEFAULT_SENSOR)
    .option(
      '--darknet <cidr...>',
      'monitored prefixes; packets to other addresses get a fate of their own (default: as last given)',
    )
    .option('--time-zone <name>', 'cuts days, e.g. Asia/Tokyo (default: the sensor’s, at first UTC)')
    .option('--workers <n>', 'threads that count', wholeNumber, DEFAULT_WORKERS)
    .option('--rules <file>', 'port → category rules as JSON instead of the built-in ones')
    .option(
      '--survey-ports <n>',
      'a survey scanner hits at least so many ports a day (default: the sensor’s, at first 30)',
      wholeNumber,
    )
    .option(
      '--survey-packets <n>',
      '… with so many packets per monitored address (default: the sensor’s, at first 1)',
      positiveNumber,
    )
    .addOption(
      new Option('--earliest <time>', 'packets before this time are badTime')
        .argParser(instant)
        .default(EARLIEST, '1970-01-01T00:00:01Z'),
    )
    .addOption(
      new Option('--latest <time>', 'packets from this time on are badTime')
        .argParser(instant)
        .default(LATEST, '2100-01-01'),
    )
    .option('--strict', 'stop at the first file that is damaged or refused', false)
    .option('--watch', 'go on: read what is new or has grown, until interrupted', false)
    .option('--every <seconds>', 'with --watch: how often to look', positiveNumber, WATCH_SECONDS)
    .option('--share', 'one of several that ingest the same captures into the same database, here or elsewhere', false)
    .option(
      '--lease <seconds>',
      `with --share: whoever is silent for so long is taken for dead, and others take its files (default: ${LEASE_SECONDS})`,
      leaseSeconds,
    )
    .option('--json', 'print the account as one line of JSON')
    .action((files: string[], { darknet, ...options }: IngestOptions) =>
      run(async () => {
        const given = prefixesAndFiles(darknet ?? []);
        const names = [...given.files, ...files];
        if (names.length === 0)
          throw new UsageError("missing required argument 'file': name captures, directories, globs or -");
        checkTogether(names, options);
        const chosen = given.prefixes.length > 0 ? { ...options, darknet: given.prefixes } : options;
        await checkAlone(names, chosen);
        const isNew = !options.share && isNewStore({ directory: options.data, url: options.clickhouse });
        const account = await withStore(options, (db) => ingestInto(db, names, chosen, isNew), {
          open: isNew ? openMeanwhile : openStore,
        });
        process.stdout.write(options.json ? `${JSON.stringify(account)}\n` : accountText(account));
        if (!isWell(account, options.watch)) process.exitCode = FAILED;
      }),
    );
}

/** A second is the least that a busy machine can be expected to be heard in. */
function leaseSeconds(text: string): number {
  const seconds = positiveNumber(text);
  if (seconds < 1 || seconds > 86_400) throw new InvalidArgumentError('not from 1 to 86400 seconds.');
  return seconds;
}

/** A file that is still growing when the watch ends is no fault. */
function isWell({ balanced, damaged, refused }: RunAccount, watch: boolean): boolean {
  return balanced && refused.length === 0 && damaged.every(({ unfinished }) => watch && unfinished);
}

/** `--darknet` takes all words up to the next option: files named right behind its prefixes are told apart here. */
function prefixesAndFiles(words: readonly string[]): { prefixes: string[]; files: string[] } {
  const isFile = (word: string) => existsSync(word) || !/^[0-9a-f.:]+(\/[0-9]*)?$/i.test(word);
  return { prefixes: words.filter((word) => !isFile(word)), files: words.filter(isFile) };
}

/**
 * Checks what it is given, then settles the sensor and ingests; a wrong name or option changes nothing.
 * @param isNew the database holds nothing and may still be on its way up: reading and counting begin meanwhile
 */
export async function ingestInto(
  db: Connection,
  names: readonly string[],
  options: IngestOptions,
  isNew = false,
): Promise<RunAccount> {
  const paths = dataFiles(options.data);
  prepareSpool(paths);
  const lock = tryLock(paths.ingestLock, { shared: options.share });
  if (lock === undefined) throw new Error(anotherRuns(paths.directory, options.share));
  try {
    const known = isNew ? undefined : await knownSensor(db, options.sensor);
    const rules = options.rules ? await readRules(options.rules) : await rulesOf(db, known?.rulesVersion);
    const sensor = settledSensor(known, options, rules.version);
    sensor.darknet.forEach(parsePrefix);
    const discover = () =>
      discoverCaptures(names, { mayBeNone: options.watch }).catch((error: Error) => {
        throw new UsageError(error.message);
      });
    const files = await discover();
    const { earliest, latest, workers, strict } = options;
    const settings = settingsText({ ...sensor, earliest, latest });
    const countedWith = { rulesVersion: rules.version, settings };
    const directory = directoryOf(sensor.sensor, paths);
    const settle = async () => {
      if (isNew) await refuseUsed(db, sensor.sensor, paths.directory);
      await refuseOtherDirectories(db, directory);
      await refuseBesideOthers(db, sensor.sensor, options.share ? sharedSettings(countedWith) : undefined);
      await writeRules(db, rules.version, ruleRows(rules));
      await writeSensor(db, sensor, known);
    };
    const config: IngestConfig = {
      sensor,
      analyzer: analyzerConfig(rules, settings),
      countedWith,
      workers,
      strict,
      spool: paths.spool,
      progress: options.watch ? noProgress : createProgress,
    };
    if (!isNew) await settle();
    if (options.share) return await ingestShared(db, files, config, paths, (options.lease ?? LEASE_SECONDS) * 1000);
    if (options.clickhouse) await beginAlone(db, directory);
    const ingest = isNew ? Ingest.beginNew(db, config, settle()) : await Ingest.begin(db, config);
    return await ingestAlone(ingest, files, async () => {
      if (options.watch) await watchOn(ingest, discover, options.every);
      if (options.clickhouse) await endAlone(db, directory);
    });
  } finally {
    closeSync(lock);
  }
}

/** @param goOn what comes behind the first pass */
async function ingestAlone(
  ingest: Ingest,
  files: readonly CaptureFile[],
  goOn: () => Promise<void>,
): Promise<RunAccount> {
  try {
    await ingest.pass(files);
    await goOn();
    await ingest.finish();
    return ingest.account;
  } finally {
    await ingest.stop();
  }
}

function anotherRuns(directory: string, share: boolean): string {
  const advice = share
    ? 'wait for its end, or end it and give it --share too'
    : 'wait for its end, or give it all captures at once; several may run with --share';
  return `another ingest runs in ${directory}: ${advice}`;
}
