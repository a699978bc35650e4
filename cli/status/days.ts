// `status --days`: the account of every sensor-day, and whether the tables hold just what was counted.
import type { Connection } from '../../store/database.ts';
import { type DayAccount, dayAccounts } from '../../store/questions/account-days.ts';
import type { Sensor } from '../../store/sensors.ts';
import { count, tableText } from '../table.ts';
import { fatesText, moreText, numberColumns } from './accounts.ts';

export interface DaysStatus {
  balanced: boolean;
  days: DayAccount[];
}

/** While an ingest runs its last batch may be in some tables and not yet in others: a day that does not balance is looked at again. */
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 500;

export async function readDaysStatus(
  db: Connection,
  sensors: readonly Sensor[],
  finalise: () => Promise<unknown>,
): Promise<DaysStatus> {
  for (let look = 1; ; look++) {
    await finalise();
    const days: DayAccount[] = [];
    for (const sensor of sensors) days.push(...(await dayAccounts(db, sensor)));
    const balanced = days.every((day) => day.balanced === 1);
    if (balanced || look === LOOKS) return { balanced, days };
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
}

/** @param limit days of each sensor, the last ones; those that do not balance are always shown */
export function daysText({ balanced, days }: DaysStatus, sensors: readonly Sensor[], limit: number): string {
  const parts = sensors.map(({ sensor, timeZone }) => {
    const all = days.filter((day) => day.sensor === sensor);
    const shown = all.filter((day, i) => day.day === null || !day.balanced || i >= all.length - limit);
    return [
      `sensor ${sensor}: ${count(all.filter(({ day }) => day !== null).length)} days (${timeZone})\n\n`,
      tableText(
        [
          { title: 'day', cell: ({ day }: DayAccount) => day ?? 'no time' },
          ...numberColumns,
          { title: 'other fates', cell: ({ fates }) => fatesText(fates) },
          { title: '', cell: remark },
        ],
        shown,
      ),
      moreText(all.length - shown.length, 'earlier days'),
    ].join('');
  });
  const verdict = balanced ? 'the account of every day balances' : 'THE ACCOUNT DOES NOT BALANCE';
  return [...parts, `${verdict}\n`].join('\n');
}

function remark({ balanced, counted, flows, dropped, finalised }: DayAccount): string {
  if (balanced && counted > finalised) return `${count(counted - finalised)} came after its flows were dropped`;
  if (balanced) return dropped > 0 ? `flows of ${count(dropped)} packets dropped` : '';
  return `DOES NOT BALANCE: flows hold ${count(flows)}, the finalised day ${count(finalised)}${dropped > 0 ? `; ${count(dropped)} were dropped` : ''}`;
}
