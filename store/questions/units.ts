import type { Connection } from '../database.ts';

/** Where a unit's frames lie in time, as the ledger says. */
export interface UnitHours {
  unit: string;
  path: string;
  start: number;
  end: number;
  /** Hours since 1970; both 0 when none of its frames has a usable time. */
  firstHour: number;
  lastHour: number;
  /** 1 when some frames were not counted: only such may lie in the hour of frames without a usable time. */
  uncounted: 0 | 1;
}

export function unitHours(db: Connection, sensor: string): Promise<UnitHours[]> {
  return db.query(
    `-- In which hours do the frames of each unit lie?
     SELECT unit, any(path) AS path, any(start) AS start, any(end) AS end,
       intDiv(toUnixTimestamp(any(firstHour)), 3600) AS firstHour, intDiv(toUnixTimestamp(any(lastHour)), 3600) AS lastHour,
       any(frames) > any(counted) AS uncounted
     FROM ledger WHERE sensor = {sensor:String} GROUP BY unit`,
    { sensor },
  );
}
