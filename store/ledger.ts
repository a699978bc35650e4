// What is in the database already: units by the beginning of their file, and files read to their end.
import type { Connection } from './database.ts';

/** What became of frames: frames = counted + the sum of fates. */
export interface FrameCounts {
  frames: number;
  counted: number;
  fates: Record<string, number>;
}

export interface LedgerUnit extends FrameCounts {
  start: number;
  end: number;
  unit: string;
  /** The file it was read from, as it was named. */
  path: string;
  rulesVersion: string;
  /** What it was counted with, as JSON. */
  settings: string;
}

/** A unit with what its row says besides. */
export interface LedgerRow extends LedgerUnit {
  /** Empty for what was heard live. */
  opening: string;
  /** Hours since 1970, of its frames with a usable time; 0 when it has none. */
  firstHour: number;
  lastHour: number;
}

export interface LedgerFile extends FrameCounts {
  path: string;
  size: number;
  modified: number;
  damage: string;
}

/** The ledger of a sensor as a run knows it: what it found, and what it has added since. */
export class Ledger {
  /** By SHA-256 of a file's beginning. */
  units = new Map<string, LedgerUnit[]>();
  /** By identity. */
  ids = new Map<string, LedgerUnit>();
  /** By absolute path, as found. */
  files = new Map<string, LedgerFile>();

  static async read(db: Connection, sensor: string): Promise<Ledger> {
    const ledger = new Ledger();
    const units = await db.query<LedgerUnit & { opening: string }>(
      `SELECT unit, any(opening) AS opening, any(start) AS start, any(end) AS end, any(frames) AS frames, any(counted) AS counted,
         any(fates) AS fates, any(path) AS path, any(rulesVersion) AS rulesVersion, any(settings) AS settings
       FROM ledger WHERE sensor = {sensor:String} AND ledger.opening != '' GROUP BY unit`, // live units are never met again
      { sensor },
    );
    for (const { opening, ...unit } of units) ledger.add(opening, unit);
    const files = await db.query<LedgerFile>(
      `SELECT path, size, modified, frames, counted, fates, damage FROM files FINAL WHERE sensor = {sensor:String}`,
      { sensor },
    );
    for (const file of files) ledger.files.set(file.path, file);
    return ledger;
  }

  add(opening: string, unit: LedgerUnit): void {
    this.ids.set(unit.unit, unit);
    const sameOpening = this.units.get(opening);
    if (sameOpening) sameOpening.push(unit);
    else this.units.set(opening, [unit]);
  }
}
