// GET /api/v1/account/days: what became of every frame, per sensor and day.
import type { RangeQuery } from '../report/scope.ts';
import type { AccountDays } from '../report/shape-range.ts';
import type { Csv, Dataset } from './dataset.ts';
import { parameters, type RangeParameters, range, rangeOf } from './parameters.ts';
import { count, counts, list, nullable, number, object, rangeFacts, text } from './shapes.ts';

export function accountDaysDataset(
  ask: (query: RangeQuery) => Promise<AccountDays>,
): Dataset<RangeParameters, AccountDays> {
  return {
    url: '/api/v1/account/days',
    summary: 'What became of every frame, how much was observed and by which rules, per sensor and day; damaged files',
    querystring: parameters(range),
    response: object({
      ...rangeFacts,
      sensorDays: list(
        object({
          sensor: text,
          day: text,
          frames: count,
          counted: count,
          fates: counts,
          coverage: number,
          monitoredAddresses: nullable(count),
          rulesVersion: nullable(text),
        }),
      ),
      damagedFiles: list(object({ sensor: text, file: text, frames: count, counted: count, damage: text })),
    }),
    ask: (query) => ask(rangeOf(query)),
    csv: accountDaysCsv,
    file: ({ from, to }) => `umbrascope-account-${from}-${to}`,
  };
}

/** A row for each sensor and day, a column for each fate that occurs. */
export function accountDaysCsv({ sensorDays }: AccountDays): Csv {
  const fates = [...new Set(sensorDays.flatMap((each) => Object.keys(each.fates)))].sort();
  const known = ['sensor', 'day', 'frames', 'counted'];
  const others = ['coverage', 'monitoredAddresses', 'rulesVersion'];
  const rows = sensorDays.map(({ fates: found, ...row }) => {
    return { ...row, ...Object.fromEntries(fates.map((fate) => [fate, found[fate] ?? 0])) };
  });
  return { columns: [...known, ...fates, ...others], rows };
}
