// Whether a database may take a copy: it holds nothing else of the same sensors, and knows no port by other rules. What is not one
// sensor's (rules, notes, groups) is added where it is not there yet.
import { openWork } from '../claims.ts';
import type { Connection } from '../database.ts';
import { UsageError } from '../usage-error.ts';
import { HELD_TABLES } from './tables.ts';

/** A database keeps its UUID as long as it lives. */
export async function databaseId(db: Connection): Promise<string> {
  const [row] = await db.query<{ id: string }>(
    '-- Which database is this?\n SELECT toString(uuid) AS id FROM system.databases WHERE name = currentDatabase()',
  );
  return row?.id ?? '';
}

/** @throws UsageError before anything is changed */
export async function checkTarget(source: Connection, target: Connection, id: string, sensors: readonly string[]) {
  for (const sensor of sensors) {
    const begun = await copiesOf(target, sensor);
    const ours = begun.some((copy) => copy.source === id);
    if (ours && (await foreignUnits(source, target, sensor)) === 0) continue;
    const held = ours ? ['ledger'] : await heldTables(target, sensor);
    if (held.length === 0) continue;
    throw new UsageError(
      `the target holds other data of the sensor ${sensor} (${held.join(', ')}): copy into another database (--to-database NAME, or another directory); nothing was changed`,
    );
  }
}

/**
 * What one who was cut off has begun is completed where it was begun: only that database knows which inserts it took.
 * @throws UsageError
 */
export async function checkAtRest(db: Connection, sensors: readonly string[]): Promise<void> {
  for (const sensor of sensors) {
    const [other] = await openWork(db, sensor);
    if (other === undefined) continue;
    throw new UsageError(
      `${other.holder} ingests for the sensor ${sensor}, or was cut off while it did: wait for its end, or give it the same command again, then copy; nothing was changed`,
    );
  }
}

interface BegunCopy {
  source: string;
  finished: number;
}

function copiesOf(db: Connection, sensor: string): Promise<BegunCopy[]> {
  return db.query(
    `-- Which copies of the sensor were begun?
     SELECT source, finished FROM copies FINAL WHERE sensor = {sensor:String}`,
    { sensor },
  );
}

/** Written before the first row and after the last. */
export async function noteCopy(db: Connection, sensor: string, source: string, finished: boolean): Promise<void> {
  await db.command(
    `INSERT INTO copies (sensor, source, started, finished, changed)
     SELECT {sensor:String}, {source:String}, {now:UInt64}, {finished:UInt64}, {now:UInt64}`,
    { sensor, source, now: Date.now(), finished: finished ? Date.now() : 0 },
  );
}

async function heldTables(db: Connection, sensor: string): Promise<string[]> {
  const held = [];
  for (const table of HELD_TABLES) {
    const [row] = await db.query<{ found: number }>(
      `-- Is there a row of the sensor?\n SELECT count() AS found FROM (SELECT 1 FROM ${table} WHERE sensor = {sensor:String} LIMIT 1)`,
      { sensor },
    );
    if (row?.found) held.push(table);
  }
  return held;
}

const UNITS_AT_ONCE = 100_000;

/** Units that the target has and the source has not, looked for in portions, however many there are. */
async function foreignUnits(source: Connection, target: Connection, sensor: string): Promise<number> {
  const units = `-- Which units are there?
    SELECT DISTINCT unit FROM ledger WHERE sensor = {sensor:String} AND cityHash64(unit) % {buckets:UInt32} = {bucket:UInt32}`;
  const [held] = await target.query<{ units: number }>(
    '-- How many units are there?\n SELECT count() AS units FROM ledger WHERE sensor = {sensor:String}',
    { sensor },
  );
  const buckets = Math.ceil((held?.units ?? 0) / UNITS_AT_ONCE);
  let foreign = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const [ours, theirs] = await Promise.all(
      [source, target].map((db) => db.query<{ unit: string }>(units, { sensor, buckets, bucket })),
    );
    const known = new Set(ours?.map(({ unit }) => unit));
    foreign += theirs?.filter(({ unit }) => !known.has(unit)).length ?? 0;
  }
  return foreign;
}

/** Tables that are not one sensor's, by what names a thing in them. */
const SHARED = [
  { table: 'rules', name: 'version', columns: 'version, proto, port, category, why' },
  { table: 'annotations', name: 'id', columns: 'id, day, text, changed' },
  { table: 'sensorGroups', name: 'name', columns: 'name, sensors, changed' },
] as const;

/** @throws UsageError where both know a version of the rules, and not the same */
export async function checkRules(source: Connection, target: Connection): Promise<void> {
  const [ours, theirs] = await Promise.all([source, target].map((db) => namesIn(db, 'rules', 'version')));
  for (const [version, digest] of theirs as Map<string, string>) {
    if (!ours?.has(version) || ours.get(version) === digest) continue;
    throw new UsageError(
      `the target has other rules as version ${version}: copy into another database (--to-database NAME, or another directory); nothing was changed`,
    );
  }
}

/** What the target has under the same name stays as it is. */
export async function copyShared(source: Connection, target: Connection): Promise<void> {
  for (const { table, name, columns } of SHARED) {
    const [ours, theirs] = await Promise.all([source, target].map((db) => namesIn(db, table, name)));
    const missing = [...(ours?.keys() ?? [])].filter((one) => !theirs?.has(one));
    if (missing.length === 0) continue;
    const bytes = await source.readNative(
      `SELECT ${columns} FROM ${table} FINAL WHERE ${name} IN {missing:Array(String)} ORDER BY ALL`,
      { missing },
    );
    await target.insertNative(table, columns.split(', '), bytes, `copy ${table} ${missing.join()}`);
  }
}

async function namesIn(db: Connection, table: string, name: string): Promise<Map<string, string>> {
  const digest = table === 'rules' ? 'sum(cityHash64(proto, port, category))' : 'count()';
  const rows = await db.query<{ named: string; digest: string }>(
    `-- What is known under which name?
     SELECT ${name} AS named, toString(${digest}) AS digest FROM ${table} FINAL GROUP BY named`,
  );
  return new Map(rows.map(({ named, digest }) => [named, digest]));
}
