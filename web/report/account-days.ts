// The account by sensor and day, each sensor's days cut in its own time zone.
import path from 'node:path';
import type { Connection } from '../../store/database.ts';
import { damagedFiles, observedDays } from '../../store/questions/account-days.ts';
import { DAY_MS } from './days.ts';
import { checkedRange, checkedSensors, type RangeQuery, rangeFacts } from './scope.ts';
import type { AccountDays, SensorDay } from './shape-range.ts';

const DEFAULT_DAYS = 731;
const MOST_DAMAGED = 1_000;

export async function accountDaysReport(db: Connection, query: RangeQuery): Promise<AccountDays> {
  const range = await checkedRange(db, query, DEFAULT_DAYS);
  const { known } = await checkedSensors(db, range.sensors);
  const [facts, damaged, ...days] = await Promise.all([
    rangeFacts(db, range),
    damagedFiles(db, range.sensors, MOST_DAMAGED),
    ...known.map(async ({ sensor, timeZone }) => {
      const rows = await observedDays(db, { ...range, sensor, timeZone });
      return rows.map(
        ({ observedSeconds, monitoredAddresses, rulesVersion, ...row }): SensorDay => ({
          sensor,
          ...row,
          coverage: Math.min(100, (100_000 * observedSeconds) / DAY_MS),
          monitoredAddresses: monitoredAddresses || null,
          rulesVersion: rulesVersion || null,
        }),
      );
    }),
  ]);
  // Names of directories may tell more than a page should.
  const files = damaged.map(({ path: where, ...row }) => ({ ...row, file: path.basename(where) }));
  return { ...facts, sensorDays: days.flat(), damagedFiles: files };
}
