// What is in the database already: units by the beginning of their file, and files read to their end.
import type { Connection } from './database.ts';

export interface LedgerUnit {
  start: number;
  end: number;
  unit: string;
  frames: number;
  counted: number;
}

export interface LedgerFile {
  path: string;
  size: number;
  modified: number;
  frames: number;
  counted: number;
  damage: string;
}

export interface Ledger {
  /** By SHA-256 of a file's beginning. */
  units: Map<string, LedgerUnit[]>;
  /** Identities of all units. */
  ids: Set<string>;
  /** By absolute path. */
  files: Map<string, LedgerFile>;
}

export async function readLedger(db: Connection, sensor: string): Promise<Ledger> {
  const units = await db.query<LedgerUnit & { opening: string }>(
    `SELECT unit, any(opening) AS opening, any(start) AS start, any(end) AS end, any(frames) AS frames, any(counted) AS counted
     FROM ledger WHERE sensor = {sensor:String} GROUP BY unit`,
    { sensor },
  );
  const files = await db.query<LedgerFile>(
    `SELECT path, size, modified, frames, counted, damage FROM files FINAL WHERE sensor = {sensor:String}`,
    { sensor },
  );
  const byOpening = new Map<string, LedgerUnit[]>();
  for (const { opening, ...unit } of units) {
    const sameOpening = byOpening.get(opening);
    if (sameOpening) sameOpening.push(unit);
    else byOpening.set(opening, [unit]);
  }
  return {
    units: byOpening,
    ids: new Set(units.map(({ unit }) => unit)),
    files: new Map(files.map((file) => [file.path, file])),
  };
}
