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

/** What is kept of a sensor beside the database; rules only where they are not the built-in ones. */
type Remembered = Sensor & { rules?: RuleSet };

function settleSensor(known: Sensor | undefined, rules: RuleSet, options: SensorSettings): Settled {
  const defaults = ingestDefaults();
  const sensor = settledSensor(known, { ...defaults, ...options, data: '' }, rules.version);
  sensor.darknet.forEach(parsePrefix);
  const settings = settingsText({ ...sensor, earliest: defaults.earliest, latest: defaults.latest });
  return { sensor, rules, analyzer: analyzerConfig(rules, settings), settings };
}

/**
 * Writes what was settled into the database and beside it; done before any of the sensor's batches is sent.
 * @throws RefusedSensors, of which nothing is written; what the database knows of them is remembered
 */
async function writeSettled(db: Connection, settled: readonly Settled[], remembered: string): Promise<void> {
  const known = await readSensors(db);
  const all = readRemembered(remembered);
  const refused: { sensor: string; reason: string }[] = [];
  for (const { sensor, rules } of settled) {
    const before = known.find((one) => one.sensor === sensor.sensor);
    try {
      await writeRules(db, rules.version, ruleRows(rules));
      await writeSensor(db, sensor, before);
      all[sensor.sensor] = withRules(sensor, rules);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      if (before?.rulesVersion === rules.version) all[sensor.sensor] = withRules(before, rules);
      refused.push({ sensor: sensor.sensor, reason: error.message });
    }
  }
  writeWhole(remembered, JSON.stringify(all));
  const names = refused.map(({ sensor }) => sensor);
  if (refused[0]) throw new RefusedSensors(names, refused[0].reason);
}

function withRules(sensor: Sensor, rules: RuleSet): Remembered {
  return rules.version === DEFAULT_RULES.version ? sensor : { ...sensor, rules };
}

function readRemembered(file: string): Record<string, Remembered> {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {}; // half a file of a full disk: the database knows the same
  }
}

/** The database does not take these sensors as they are. */
export class RefusedSensors extends UsageError {
  readonly sensors: string[];
  constructor(sensors: string[], reason: string) {
    super(reason);
    this.sensors = sensors;
  }
}

/**
 * The database, and what the sensors are.
 * @throws RefusedSensors for those that go against what it knows; Error while it is away
 */
export async function openSettled(
  options: StoreOptions & { sensors: readonly SensorSettings[] },
  { sensorSettings }: DataFiles,
): Promise<{ db: Connection; settled: Settled[] }> {
  const settled: Settled[] = [];
  const db = await opened(options, async (found) => {
    const all = await readSensors(found);
    for (const one of options.sensors) {
      const known = all.find(({ sensor }) => sensor === one.sensor);
      const rules = one.rules ? await readRules(one.rules) : await rulesOf(found, known?.rulesVersion);
      settled.push(settleSensor(known, rules, one));
    }
    await writeSettled(found, settled, sensorSettings);
  });
  return { db, settled };
}

/**
 * What sensors are as far as options and memory say.
 * @throws UsageError for options that are wrong, or rules that only the database has
 */
export async function asRemembered(
  sensors: readonly SensorSettings[],
  { sensorSettings }: DataFiles,
): Promise<Settled[]> {
  const all = readRemembered(sensorSettings);
  const settled: Settled[] = [];
  for (const one of sensors) {
    const known = all[one.sensor];
    const rules = one.rules ? await readRules(one.rules) : rememberedRules(known);
    settled.push(settleSensor(known, rules, one));
  }
  return settled;
}

function rememberedRules(known: Remembered | undefined): RuleSet {
  if (known?.rules) return known.rules;
  const { rulesVersion = DEFAULT_RULES.version } = known ?? {};
  if (rulesVersion === DEFAULT_RULES.version) return DEFAULT_RULES;
  throw new UsageError(`the rules ${rulesVersion} are in the database, which is away: give them with --rules`);
}

/** Opens the database again, with all that the sensors' batches need in it. */
export function reopen(
  options: StoreOptions,
  settled: readonly Settled[],
  { sensorSettings }: DataFiles,
): Promise<Connection> {
  return opened(options, (db) => writeSettled(db, settled, sensorSettings));
}

async function opened(
  { data, clickhouse, database, ca }: StoreOptions,
  prepare: (db: Connection) => Promise<void>,
): Promise<Connection> {
  const db = await openStore({ directory: data, url: clickhouse, database, ca });
  try {
    await prepare(db);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}
