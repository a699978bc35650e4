// Sensors and what their days are made by: time zone, survey-scan rule, version of the port → category rules.
import type { Connection } from './database.ts';
import { UsageError } from './usage-error.ts';

/** A source-day is a survey scanner's when it hits at least so many ports with at least so many packets per monitored address. */
export interface SurveyRule {
  minPorts: number;
  minPacketsPerAddress: number;
}

/** NICTER's thresholds as recalled (30 ports, 300,000 packets on 300,000 addresses), scaled to the sensor; not confirmed in a source. */
export const DEFAULT_SURVEY_RULE: SurveyRule = { minPorts: 30, minPacketsPerAddress: 1 };

export interface Sensor extends SurveyRule {
  sensor: string;
  timeZone: string;
  /** Monitored prefixes as last given; empty = not known. */
  darknet: string[];
  rulesVersion: string;
}

export async function readSensors(db: Connection): Promise<Sensor[]> {
  return db.query<Sensor>(
    'SELECT sensor, timeZone, darknet, rulesVersion, minPorts, minPacketsPerAddress FROM sensors FINAL ORDER BY sensor',
  );
}

/**
 * Makes the sensor, or changes it from what is known of it; days finalised by other rules are then finalised again.
 * @throws UsageError when its days are already cut in another time zone
 */
export async function writeSensor(db: Connection, sensor: Sensor, known: Sensor | undefined): Promise<void> {
  if (known && known.timeZone !== sensor.timeZone) {
    throw new UsageError(
      `sensor ${sensor.sensor} has its days cut in ${known.timeZone}, not ${sensor.timeZone}: leave --time-zone away or give another --sensor`,
    );
  }
  await checkWhole(db, sensor.sensor);
  if (known === undefined) await checkName(db, sensor.sensor);
  await db.command(
    `INSERT INTO sensors (sensor, timeZone, darknet, rulesVersion, minPorts, minPacketsPerAddress, changed)
     SELECT {sensor:String}, {timeZone:String}, {darknet:Array(String)}, {rulesVersion:String}, {minPorts:UInt32}, {minPacketsPerAddress:Float64},
       greatest(toUInt64(toUnixTimestamp64Milli(now64(3))), (SELECT max(changed) + 1 FROM sensors WHERE sensor = {sensor:String}))`,
    { ...sensor },
  );
}

/** @throws UsageError for a sensor of which `engine copy` has brought a part only */
async function checkWhole(db: Connection, sensor: string): Promise<void> {
  const [copy] = await db.query<{ unfinished: number }>(
    `-- Was a copy of the sensor begun and not ended?
     SELECT count() AS unfinished FROM copies FINAL WHERE sensor = {sensor:String} AND finished = 0`,
    { sensor },
  );
  if (copy && copy.unfinished > 0)
    throw new UsageError(`sensor ${sensor} is being copied into this database: first give \`engine copy\` again`);
}

/** @throws UsageError for a name that means several sensors */
async function checkName(db: Connection, sensor: string): Promise<void> {
  const [group] = await db.query<{ groups: number }>(
    `-- Is there a group of that name?
     SELECT count() AS groups FROM sensorGroups FINAL WHERE name = {sensor:String} AND notEmpty(sensors)`,
    { sensor },
  );
  if (group && group.groups > 0)
    throw new UsageError(`${sensor} is the name of a group of sensors: give the sensor another`);
}

export interface RuleRow {
  proto: number;
  port: number;
  category: string;
  why: string;
}

export function storedRules(db: Connection, version: string): Promise<RuleRow[]> {
  return db.query<RuleRow>(
    'SELECT proto, port, category, why FROM rules FINAL WHERE version = {version:String} ORDER BY proto, port',
    { version },
  );
}

/**
 * Stores a version of the rules, once.
 * @throws UsageError when another table is stored under the same version
 */
export async function writeRules(db: Connection, version: string, rows: readonly RuleRow[]): Promise<void> {
  const stored = await storedRules(db, version);
  const text = (list: readonly RuleRow[]) =>
    list.map(({ proto, port, category }) => `${proto}/${port}=${category}`).join(' ');
  if (stored.length > 0) {
    if (text(stored) !== text(rows))
      throw new UsageError(`other rules are stored as version ${version}: give yours a version of their own`);
    return;
  }
  await db.command(
    `INSERT INTO rules (version, proto, port, category, why)
     SELECT {version:String}, r.1, r.2, r.3, r.4
     FROM (SELECT arrayJoin(arrayZip({protos:Array(UInt8)}, {ports:Array(UInt16)}, {categories:Array(String)}, {reasons:Array(String)})) AS r)`,
    {
      version,
      protos: rows.map(({ proto }) => proto),
      ports: rows.map(({ port }) => port),
      categories: rows.map(({ category }) => category),
      reasons: rows.map(({ why }) => why),
    },
  );
}
