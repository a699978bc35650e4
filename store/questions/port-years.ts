// Ports by the year. portYears holds the months that are over; what came since is added from portMonths.

/** Months that no year holds yet. */
const SINCE = `(sensor, month) IN (
      SELECT sensor, month FROM (SELECT DISTINCT sensor, month FROM months) AS known
      LEFT JOIN (SELECT sensor, year, argMax(lastMonth, version) AS lastMonth FROM years GROUP BY sensor, year) AS made
        ON made.sensor = known.sensor AND made.year = toYear(known.month)
      WHERE month > lastMonth)`;

/** Years that hold all of their months: their ranks are right. */
export const WHOLE_YEARS =
  '(sensor, year) IN (SELECT sensor, year FROM years GROUP BY sensor, year HAVING toMonth(argMax(lastMonth, version)) = 12)';

/**
 * Rows of (sensor, year, scanClass, kind, proto, dstPort, category, packets, bytes, sourceSketch, unsketched), several of a port where a year is not over.
 * @param where conditions that both tables know
 */
export function portYearRows(where: string, years = 'year > 0'): string {
  const columns = 'scanClass, kind, proto, dstPort, category, packets, bytes, sourceSketch, unsketched';
  return `(
    SELECT sensor, year, ${columns} FROM portYearsCurrent WHERE ${years} AND ${where}
    UNION ALL
    SELECT sensor, toYear(month) AS year, ${columns} FROM portMonthsCurrent WHERE ${years} AND ${where} AND ${SINCE}
  )`;
}
