// From units that were counted again to tables compared: which hours and days can be compared exactly, and what was found.
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { dayOfHourIn } from '../../analyzer/count/days.ts';
import type { Connection } from '../../store/database.ts';
import type { DataFiles } from '../../store/engine/files.ts';
import { tryLock } from '../../store/engine/libc.ts';
import { staleDays } from '../../store/finalise/stale.ts';
import { droppedMonths, lateDays } from '../../store/questions/dropped.ts';
import { type UnitHours, unitHours } from '../../store/questions/units.ts';
import type { Sensor } from '../../store/sensors.ts';
import type { FileRange, Verification } from './account.ts';
import { firstDifference, type RowDifference } from './compare.ts';
import { type Periods, periodsOf } from './periods.ts';
import type { Recount } from './recount.ts';
import type { Scratch } from './scratch.ts';
import { holds, union, without } from './spans.ts';

export function ingestRuns({ ingestLock }: DataFiles): boolean {
  const lock = tryLock(ingestLock);
  if (lock !== undefined) closeSync(lock);
  return lock === undefined;
}

/** While an ingest runs, packets are stored a moment before the ledger says whose they are: what differs is looked at again. */
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 1000;

/** Compares every table, hour by hour and day by day, with what was counted again. */
export async function compareTables(
  db: Connection,
  { db: scratch }: Scratch,
  sensor: Sensor,
  recount: Recount,
  paths: DataFiles,
): Promise<Pick<Verification, 'difference' | 'hours' | 'days' | 'dropped'>> {
  const sides = { stored: db, counted: scratch, sensor };
  const dayOf = dayOfHourIn(sensor.timeZone);
  for (let look = 1; ; look++) {
    const units = await unitHours(db, sensor.sensor);
    const late = await lateDays(db, sensor);
    const stale = [...(await staleDays(db, sensor)), ...late].map(({ day }) => Date.parse(day) / 86_400_000);
    const dropped = await droppedMonths(db, sensor.sensor);
    const notYet = union(stale.map((day) => ({ from: day, to: day + 1 })));
    const hours = periodsOf(units, recount.units, (hour) => hour);
    const days = periodsOf(units, recount.units, dayOf);
    const finalisedDays = { exact: without(days.exact, notYet), shared: without(days.shared, notYet) };
    const tell = process.stderr.isTTY
      ? (table: string) => process.stderr.write(`\r\x1b[Kcomparing ${table}`)
      : () => {};
    const difference = await firstDifference(
      sides,
      ({ table, period, finalised }) => {
        const ranges = period === 'hour' ? hours : finalised ? finalisedDays : days;
        const gone = monthSpans(dropped, table, period);
        return { exact: without(ranges.exact, gone), shared: without(ranges.shared, gone) };
      },
      tell,
    );
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    if (difference && look < LOOKS && ingestRuns(paths)) {
      await sleep(BETWEEN_LOOKS_MS);
      continue;
    }
    const heard = await heardHours(scratch);
    const heardDays = new Set(heard.map(dayOf));
    return {
      dropped: [...new Set(dropped.map(({ tableName }) => tableName))],
      difference: difference ? { ...difference, ...filesOf(difference, units, recount, dayOf) } : null,
      hours: tally(heard, hours),
      days: {
        ...tally([...heardDays], days),
        left: stale.filter((day) => heardDays.has(day)).length,
      },
    };
  }
}

/** Months that retention has dropped from a table. */
function monthSpans(
  dropped: readonly { tableName: string; month: number }[],
  table: string,
  period: 'hour' | 'day',
): Periods['exact'] {
  const start = (month: number, after: number) =>
    Date.UTC(Math.floor(month / 100), (month % 100) - 1 + after) / (period === 'hour' ? 3_600_000 : 86_400_000);
  const months = dropped.filter(({ tableName }) => tableName === table);
  return union(months.map(({ month }) => ({ from: start(month, 0), to: start(month, 1) })));
}

async function heardHours(scratch: Connection): Promise<number[]> {
  const hours: number[] = [];
  const sql = 'SELECT DISTINCT intDiv(toUnixTimestamp(hour), 3600) FROM fateHours';
  for await (const [hour] of scratch.rows<[number]>(sql)) hours.push(hour);
  return hours;
}

function tally(heard: readonly number[], { exact, shared }: Periods): Verification['hours'] {
  const inside = (spans: Periods['exact']) => heard.filter((period) => holds(spans, period)).length;
  return { exact: inside(exact), lowerBound: inside(shared) };
}

const FILES_NAMED = 3;

/** Where packets of that hour or day were counted from. */
function filesOf(
  { period, at }: RowDifference,
  units: readonly UnitHours[],
  recount: Recount,
  dayOf: (hour: number) => number,
): { files: FileRange[]; moreFiles: number } {
  const periodOf = period === 'hour' ? (hour: number) => hour : dayOf;
  const those = units.filter(({ unit, firstHour, lastHour, uncounted }) => {
    if (!recount.units.has(unit)) return false;
    return (periodOf(firstHour) <= at && periodOf(lastHour) >= at) || (uncounted === 1 && periodOf(0) === at);
  });
  those.sort((a, b) => (a.path === b.path ? a.start - b.start : a.path < b.path ? -1 : 1));
  const files = those
    .slice(0, FILES_NAMED)
    .map(({ path, start, end }) => ({ file: path, bytes: [start, end] as [number, number] }));
  return { files, moreFiles: those.length - files.length };
}
