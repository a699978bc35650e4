// What is in the database already: units by the beginning of their file, and files read to their end.
import { type OpenClaim, openFiles } from './claims.ts';
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
  /** Files that processes which share an ingest have begun and not finished, by their beginning: a part of them is in some tables. */
  begun = new Map<string, OpenClaim>();

  static async read(db: Connection, sensor: string): Promise<Ledger> {
    const ledger = await Ledger.#units(db, "ledger.opening != ''", { sensor }); // live units are never met again
    const files = await db.query<LedgerFile>(
      `SELECT path, size, modified, frames, counted, fates, damage FROM files FINAL WHERE sensor = {sensor:String}`,
      { sensor },
    );
    for (const file of files) ledger.files.set(file.path, file);
    for (const claim of await openFiles(db, sensor)) ledger.begun.set(claim.work, claim);
    return ledger;
  }

  /** The units of files that begin alike, as they are in the database just now. */
  static readOpening(db: Connection, sensor: string, opening: string): Promise<Ledger> {
    return Ledger.#units(db, 'ledger.opening = {opening:String}', { sensor, opening });
  }

  /** What a unit's frames are, where it is in the database just now. */
  static async readUnit(db: Connection, sensor: string, unit: string): Promise<FrameCounts | undefined> {
    const [row] = await db.query<FrameCounts>(
      `SELECT frames, counted, fates FROM ledger WHERE sensor = {sensor:String} AND unit = {unit:String} LIMIT 1`,
      { sensor, unit },
    );
    return row;
  }

  /** Those of the paths that name files which were read to their end. */
  static readFiles(db: Connection, sensor: string, paths: readonly string[]): Promise<LedgerFile[]> {
    return db.query<LedgerFile>(
      `SELECT path, size, modified, frames, counted, fates, damage FROM files FINAL
       WHERE sensor = {sensor:String} AND path IN {paths:Array(String)}`,
      { sensor, paths },
    );
  }

  static async #units(db: Connection, condition: string, parameters: Record<string, string>): Promise<Ledger> {
    const ledger = new Ledger();
    const units = await db.query<LedgerUnit & { opening: string }>(
      `SELECT unit, any(opening) AS opening, any(start) AS start, any(end) AS end, any(frames) AS frames, any(counted) AS counted,
         any(fates) AS fates, any(path) AS path, any(rulesVersion) AS rulesVersion, any(settings) AS settings
       FROM ledger WHERE sensor = {sensor:String} AND ${condition} GROUP BY unit`,
      parameters,
    );
    for (const { opening, ...unit } of units) ledger.add(opening, unit);
    return ledger;
  }

  add(opening: string, unit: LedgerUnit): void {
    this.ids.set(unit.unit, unit);
    const sameOpening = this.units.get(opening);
    if (sameOpening) sameOpening.push(unit);
    else this.units.set(opening, [unit]);
  }
}
