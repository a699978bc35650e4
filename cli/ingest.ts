// `umbrascope ingest`: captures into the database, ending with the account of every frame.
import { closeSync, existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { compileRules, DEFAULT_RULES, type RuleSet, ruleRows } from '../analyzer/classify/rules.ts';
import { parseRules } from '../analyzer/classify/rules-file.ts';
import { TCP } from '../analyzer/protocols.ts';
import { discoverCaptures } from '../collector/discover.ts';
import { createProgress } from '../collector/progress.ts';
import type { Connection } from '../store/database.ts';
import { dataFiles, prepareSpool } from '../store/engine/files.ts';
import { tryLock } from '../store/engine/libc.ts';
import {
  DEFAULT_SURVEY_RULE,
  readSensors,
  type Sensor,
  storedRules,
  writeRules,
  writeSensor,
} from '../store/sensors.ts';
import { UsageError } from '../store/usage-error.ts';
import { FAILED, run } from './failures.ts';
import { accountText, type RunAccount } from './ingest/account.ts';
import { ingest } from './ingest/run.ts';
import {
  checkTimeZone,
  clickhouseOption,
  dataOption,
  instant,
  parsePrefix,
  positiveNumber,
  type StoreOptions,
  wholeNumber,
} from './options.ts';
import { withStore } from './store.ts';

/**
 * Threads that count: one a core. On two cores two beat one and three (medians of three replays of 20 million packets: 7.7, 8.7 and 9.0 s).
 * More than eight would wait for the one thread that reads.
 */
const DEFAULT_WORKERS = Math.min(availableParallelism(), 8);
/** Times accepted by default: the second after the epoch (0 is what a clockless writer leaves) up to the year 2100. */
const EARLIEST = 1;
const LATEST = Date.UTC(2100, 0, 1) / 1000;
/** What the database's 32-bit seconds hold, and a day less so that every day has an end. */
const LAST_TIME = Date.UTC(2106, 1, 6) / 1000;
const DEFAULT_SENSOR = 'default';

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
  json?: boolean;
}

export function ingestDefaults(): Pick<IngestOptions, 'sensor' | 'workers' | 'earliest' | 'latest'> {
  return { sensor: DEFAULT_SENSOR, workers: DEFAULT_WORKERS, earliest: EARLIEST, latest: LATEST };
}

export function ingestCommand(): Command {
  return new Command('ingest')
    .argument('[file...]', 'captures, directories of captures, globs, or -')
    .addOption(dataOption())
    .addOption(clickhouseOption())
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
    .option('--json', 'print the account as one line of JSON')
    .action((files: string[], { darknet, ...options }: IngestOptions) =>
      run(async () => {
        const given = prefixesAndFiles(darknet ?? []);
        const names = [...given.files, ...files];
        if (names.length === 0)
          throw new UsageError("missing required argument 'file': name captures, directories, globs or -");
        const chosen = given.prefixes.length > 0 ? { ...options, darknet: given.prefixes } : options;
        const account = await withStore(options, (db) => ingestInto(db, names, chosen));
        process.stdout.write(options.json ? `${JSON.stringify(account)}\n` : accountText(account));
        if (!account.balanced || account.damaged.length > 0 || account.refused.length > 0) process.exitCode = FAILED;
      }),
    );
}

/** `--darknet` takes all words up to the next option: files named right behind its prefixes are told apart here. */
function prefixesAndFiles(words: readonly string[]): { prefixes: string[]; files: string[] } {
  const isFile = (word: string) => existsSync(word) || !/^[0-9a-f.:]+(\/[0-9]*)?$/i.test(word);
  return { prefixes: words.filter((word) => !isFile(word)), files: words.filter(isFile) };
}

/** Checks what it is given, then settles the sensor and ingests; a wrong name or option changes nothing. */
export async function ingestInto(
  db: Connection,
  names: readonly string[],
  options: IngestOptions,
): Promise<RunAccount> {
  const paths = dataFiles(options.data);
  prepareSpool(paths);
  const lock = tryLock(paths.ingestLock);
  if (lock === undefined)
    throw new Error(`another ingest runs in ${paths.directory}: wait for its end, or give it all captures at once`);
  try {
    const known = (await readSensors(db)).find(({ sensor }) => sensor === options.sensor);
    const rules = options.rules ? readRules(options.rules) : await rulesOf(db, known);
    const sensor = settledSensor(known, options, rules.version);
    const darknet = sensor.darknet.map(parsePrefix);
    const files = await discoverCaptures(names).catch((error: Error) => {
      throw new UsageError(error.message);
    });
    await writeRules(db, rules.version, ruleRows(compileRules(rules)));
    await writeSensor(db, sensor, known);
    const { earliest, latest, workers } = options;
    return await ingest(db, {
      sensor,
      analyzer: { rules, darknet, timeZone: sensor.timeZone, earliest, latest },
      workers,
      spool: paths.spool,
      files,
      progress: createProgress,
    });
  } finally {
    closeSync(lock);
  }
}

/** The rules that the sensor was last ingested with; the built-in ones for a new one. */
async function rulesOf(db: Connection, known: Sensor | undefined): Promise<RuleSet> {
  if (known === undefined || known.rulesVersion === DEFAULT_RULES.version) return DEFAULT_RULES;
  const rows = await storedRules(db, known.rulesVersion);
  return {
    version: known.rulesVersion,
    rules: rows.map(({ proto, port, category }) => {
      return { category, proto: proto === TCP ? 'tcp' : 'udp', ports: [String(port)], why: 'as stored' };
    }),
  };
}

/** What is not given stays as it was for the sensor. */
function settledSensor(known: Sensor | undefined, options: IngestOptions, rulesVersion: string): Sensor {
  const minPacketsPerAddress =
    options.surveyPackets ?? known?.minPacketsPerAddress ?? DEFAULT_SURVEY_RULE.minPacketsPerAddress;
  if (options.latest > LAST_TIME) throw new UsageError('--latest: the database holds times up to 2106-02-06');
  const timeZone = checkTimeZone(options.timeZone ?? known?.timeZone ?? 'UTC');
  return {
    sensor: options.sensor,
    timeZone,
    darknet: options.darknet ?? known?.darknet ?? [],
    rulesVersion,
    minPorts: options.surveyPorts ?? known?.minPorts ?? DEFAULT_SURVEY_RULE.minPorts,
    minPacketsPerAddress,
  };
}

function readRules(file: string): RuleSet {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--rules ${file}: ${(error as Error).message}`);
  }
  try {
    return parseRules(text);
  } catch (error) {
    throw new UsageError(`--rules ${file}: ${(error as Error).message}`);
  }
}
