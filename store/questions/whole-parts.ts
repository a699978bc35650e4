// The ports of a span of days, read from the tables of years and months where these are whole in it.
import { sketchedPortDays } from '../sketches.ts';
import { DAYS, SENSORS } from './conditions.ts';

/** Of the tables of years, of months and of days: what each has of a span, with the parameters that `wholeParts` gives. */
export const WHOLE_YEARS = `${SENSORS} AND year >= {firstYear:UInt16} AND year < {afterYear:UInt16}`;
export const OF_NO_WHOLE_YEAR = 'NOT (toYear(month) >= {firstYear:UInt16} AND toYear(month) < {afterYear:UInt16})';
export const IS_WHOLE_MONTH = 'month >= {firstMonth:Date} AND month < {afterMonth:Date}';
export const DAYS_OF_NO_WHOLE_MONTH = `${DAYS} AND NOT (day >= {firstMonth:Date} AND day < {afterMonth:Date})`;

/**
 * Rows of (proto, dstPort, packets, …) of days: of whole years and whole months from their tables.
 * @param sketched with `sourceSketch` and `unsketched`
 */
export function portsOfDays(where: string, sketched = false): string {
  const columns = `proto, dstPort, category, scanClass, kind, packets, bytes${sketched ? ', sourceSketch, unsketched' : ''}`;
  const ends = `${DAYS_OF_NO_WHOLE_MONTH} AND ${where}`;
  return `(
    SELECT ${columns} FROM portYearsCurrent
    WHERE ${WHOLE_YEARS} AND ${where}
    UNION ALL
    SELECT ${columns} FROM portMonthsCurrent
    WHERE ${SENSORS} AND ${IS_WHOLE_MONTH} AND ${OF_NO_WHOLE_YEAR} AND ${where}
    UNION ALL
    SELECT ${columns} FROM ${sketched ? sketchedPortDays(ends) : `portDaysCurrent WHERE ${ends}`}
  )`;
}

/** Parameters of these: the first month (year) that begins in the span, and the first after it that does not end in it. */
export function wholeParts(from: string, to: string): Record<string, string | number> {
  const month = (day: string, later = 0) =>
    new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + later)).toISOString().slice(0, 10);
  const dayAfter = new Date(Date.parse(to) + 86_400_000).toISOString().slice(0, 10);
  const firstMonth = month(from, from.endsWith('-01') ? 0 : 1);
  const firstYear = Number(firstMonth.slice(0, 4)) + (firstMonth.endsWith('-01-01') ? 0 : 1);
  const [, afterMonth = firstMonth] = [firstMonth, month(dayAfter)].sort();
  return { firstMonth, afterMonth, firstYear, afterYear: Math.max(firstYear, Number(dayAfter.slice(0, 4))) };
}
