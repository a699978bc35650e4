// What a live sensor is: as options and database say, and, while the database is away, as it was settled last.
import { existsSync, readFileSync } from 'node:fs';
import { DEFAULT_RULES, type RuleSet, ruleRows } from '../../analyzer/classify/rules.ts';
import type { AnalyzerConfig } from '../../analyzer/unit.ts';
import type { Connection } from '../../store/database.ts';
import { type DataFiles, writeWhole } from '../../store/engine/files.ts';
import { readSensors, type Sensor, writeRules, writeSensor } from '../../store/sensors.ts';
import { openStore } from '../../store/store.ts';
import { UsageError } from '../../store/usage-error.ts';
import { analyzerConfig, readRules, rulesOf, settingsText, settledSensor } from '../ingest/settings.ts';
import { ingestDefaults } from '../ingest.ts';
import { parsePrefix, type StoreOptions } from '../options.ts';
import type { Log } from './log.ts';

export interface SensorSettings {
  sensor: string;
  darknet?: string[];
  timeZone?: string;
  rules?: string;
}

export interface Settled {
  sensor: Sensor;
  rules: RuleSet;
  analyzer: AnalyzerConfig;
  /** As the ledger keeps it. */
  settings: string;
}

/**
 * @param db undefined while the database is away
 * @param remembered the file of what was settled last, by sensor
 * @throws UsageError for options that are wrong or go against what the sensor is
 */
async function settleSensor(db: Connection | undefined, options: SensorSettings, remembered: string): Promise<Settled> {
  const known = db
    ? (await readSensors(db)).find(({ sensor }) => sensor === options.sensor)
    : readRemembered(remembered)[options.sensor];
  const rules = options.rules ? readRules(options.rules) : await knownRules(db, known?.rulesVersion);
  const defaults = ingestDefaults();
  const sensor = settledSensor(known, { ...defaults, ...options, data: '' }, rules.version);
  sensor.darknet.forEach(parsePrefix);
  const settings = settingsText({ ...sensor, earliest: defaults.earliest, latest: defaults.latest });
  return { sensor, rules, analyzer: analyzerConfig(rules, settings), settings };
}

/** Writes what was settled into the database and beside it; done before any of the sensor's batches is sent. */
async function writeSettled(db: Connection, settled: readonly Settled[], remembered: string): Promise<void> {
  const known = await readSensors(db);
  const all = readRemembered(remembered);
  for (const { sensor, rules } of settled) {
    await writeRules(db, rules.version, ruleRows(rules));
    await writeSensor(
      db,
      sensor,
      known.find((one) => one.sensor === sensor.sensor),
    );
    all[sensor.sensor] = sensor;
  }
  writeWhole(remembered, JSON.stringify(all));
}

async function knownRules(db: Connection | undefined, version: string | undefined): Promise<RuleSet> {
  if (db) return await rulesOf(db, version);
  if (version === undefined || version === DEFAULT_RULES.version) return DEFAULT_RULES;
  throw new UsageError(`the rules ${version} are in the database, which is away: give them with --rules`);
}

function readRemembered(file: string): Record<string, Sensor> {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {}; // half a file of a full disk: the database knows the same
  }
}

/** The database, where it is there, and what the sensors are. While it is away, what is heard waits in the spool. */
export async function openSettled(
  options: StoreOptions & { sensors: readonly SensorSettings[] },
  { sensorSettings }: DataFiles,
  log: Log,
): Promise<{ db: Connection | undefined; settled: Settled[] }> {
  const db = await openOrSpool(options, log);
  const settled: Settled[] = [];
  for (const sensor of options.sensors) settled.push(await settleSensor(db, sensor, sensorSettings));
  if (db) await writeSettled(db, settled, sensorSettings);
  return { db, settled };
}

async function openOrSpool(
  { data, clickhouse, database, ca }: StoreOptions,
  log: Log,
): Promise<Connection | undefined> {
  try {
    return await openStore({ directory: data, url: clickhouse, database, ca });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    log.error('database away', { reason: (error as Error).message, batches: 0 }, 'database-away');
    return undefined;
  }
}

/** Opens the database again, with all that the sensors' batches need in it. */
export async function reopen(
  { data, clickhouse, database, ca }: StoreOptions,
  settled: readonly Settled[],
  { sensorSettings }: DataFiles,
): Promise<Connection> {
  const db = await openStore({ directory: data, url: clickhouse, database, ca });
  try {
    await writeSettled(db, settled, sensorSettings);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}
