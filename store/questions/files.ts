import type { Connection } from '../database.ts';
import type { FrameCounts } from '../ledger.ts';

/** What became of the frames of a file: those counted from another copy of it too. */
export interface FileAccount extends FrameCounts {
  sensor: string;
  path: string;
  size: number;
  /** Empty, or what is wrong with it and where. */
  damage: string;
  /** ISO 8601. */
  ingested: string;
  /** 1 when frames = counted + the sum of the fates. */
  balanced: 0 | 1;
}

export interface FileTotals {
  sensor: string;
  files: number;
  damaged: number;
  unbalanced: number;
}

const BALANCED = 'frames = counted + arraySum(mapValues(fates))';

/** What needs a look comes first. @param limit 0 for all */
export function fileAccounts(db: Connection, sensors: readonly string[], limit: number): Promise<FileAccount[]> {
  return db.query(
    `-- What became of the frames of each file?
     SELECT sensor, path, size, frames, counted, fates, damage,
       formatDateTime(fromUnixTimestamp64Milli(toInt64(files.ingested), 'UTC'), '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS ingested, ${BALANCED} AS balanced
     FROM files FINAL WHERE sensor IN {sensors:Array(String)}
     ORDER BY sensor, balanced, damage = '', path ${limit > 0 ? 'LIMIT {limit:UInt64} BY sensor' : ''}`,
    { sensors, limit },
  );
}

export function fileTotals(db: Connection, sensors: readonly string[]): Promise<FileTotals[]> {
  return db.query(
    `-- How many files are there, and how many need a look?
     SELECT sensor, count() AS files, countIf(damage != '') AS damaged, countIf(NOT (${BALANCED})) AS unbalanced
     FROM files FINAL WHERE sensor IN {sensors:Array(String)} GROUP BY sensor ORDER BY sensor`,
    { sensors },
  );
}
