// Distinct sources of several days: every number that is given is right within a hundredth or so, and where sketches leave too much out there is none.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { finaliseSensor } from '../../store/finalise/finalise.ts';
import { portYears } from '../../store/questions/port.ts';
import { topPorts } from '../../store/questions/top-ports.ts';
import { trendRows } from '../../store/questions/trend.ts';
import type { TrendScope } from '../../store/questions/trend-scope.ts';
import { dropMonths } from '../../store/retention/drop.ts';
import { heldMonths } from '../../store/retention/plan.ts';
import { DEFAULT_SURVEY_RULE } from '../../store/sensors.ts';
import { temporaryDirectory } from '../setup/command.ts';

const SENSOR = { sensor: 'one', timeZone: 'UTC', darknet: [], rulesVersion: 'x', ...DEFAULT_SURVEY_RULE };
const DAYS = ['2020-03-30', '2020-03-31', '2020-04-01'];
/** More sources on more ports than a day's sketches have room for. */
const PORTS = 100;
const SOURCES = 4000;
const span = { sensors: ['one'], from: DAYS[0] ?? '', to: DAYS[2] ?? '', timeZone: 'UTC' };
const scope: TrendScope = {
  ...span,
  by: 'port',
  kind: 'scan',
  survey: 'include',
  port: '',
  category: '',
  series: PORTS,
};
const march = { ...scope, to: DAYS[1] ?? '' };

let db: Connection;
beforeAll(async () => {
  db = await openStore({ directory: temporaryDirectory() });
  // The lower a port, the more packets. Half of a day's sources are the next day's too.
  await db.command(
    `INSERT INTO flows (sensor, hour, kind, proto, dstPort, srcAddr, packets, bytes, times)
     SELECT 'one', toDateTime(day, 'UTC') + 3600 * (number % 24), 'scan', 6, number % ${PORTS}, toIPv6(toIPv4(intDiv(number, ${PORTS}) + place * ${SOURCES / 2})),
       ${PORTS} - number % ${PORTS}, 60, [0]
     FROM numbers(${PORTS * SOURCES})
     ARRAY JOIN {days:Array(Date)} AS day, arrayEnumerate({days:Array(Date)}) AS place`,
    { days: DAYS },
  );
  await db.command(
    `INSERT INTO fateHours (sensor, hour, fate, frames) SELECT sensor, hour, 'counted', sum(packets) FROM flows GROUP BY sensor, hour`,
  );
  await db.command(
    `INSERT INTO sensors (sensor, timeZone, rulesVersion, minPorts, minPacketsPerAddress) VALUES ('one', 'UTC', 'x', 30, 1)`,
  );
  expect(await finaliseSensor(db, SENSOR)).toBe(DAYS.length);
  expect(await db.query('SELECT count() AS hits FROM portHits')).toEqual([{ hits: 0 }]);
});
afterAll(() => db.close());

/** Of the ports with most packets downwards. */
function expectKnown(values: (number | null)[], sources: number): void {
  const known = values.filter((value) => value !== null);
  // 1 MB holds 85 sketches of 12 kB
  expect(known.length).toBe(85);
  expect(values.slice(0, 85)).toEqual(known);
  for (const value of known) expect(Math.abs(value / sources - 1)).toBeLessThan(0.03);
}

describe('distinct sources', () => {
  it('of a port on a day are exact, whatever there is room for', async () => {
    const rows = await topPorts(db, { ...scope, to: scope.from, limit: PORTS });
    expect(rows.map(({ sources }) => sources)).toEqual(new Array(PORTS).fill(SOURCES));
    const trend = await trendRows(db, march, 'day', 'sources');
    expect(trend.map(({ value }) => value)).toEqual(new Array(2 * PORTS).fill(SOURCES));
  });

  it('of ports over days, months and years are known of the ports with most packets, and of no others', async () => {
    const top = await topPorts(db, { ...scope, limit: PORTS });
    expectKnown(
      top.map(({ sources }) => sources),
      2 * SOURCES,
    );
    const months = await trendRows(db, march, 'month', 'sources');
    const byPort = new Map(months.map(({ series, value }) => [series, value]));
    expectKnown(
      top.map(({ dstPort }) => byPort.get(`tcp/${dstPort}`) ?? null),
      1.5 * SOURCES,
    );
    const years = await Promise.all([0, 99].map((dstPort) => portYears(db, { ...span, proto: 6, dstPort })));
    expect(years.map(([year]) => year?.sources === null)).toEqual([false, true]);
  });

  it('of a port over the days of two sensors are not added up', async () => {
    const port = { ...march, sensors: ['one', 'none'], port: 'tcp/0' };
    const [day] = await trendRows(db, port, 'day', 'sources');
    expect(Math.abs((day?.value ?? 0) / SOURCES - 1)).toBeLessThan(0.03);
    const [none] = await trendRows(db, { ...port, port: 'tcp/99' }, 'day', 'sources');
    expect(none?.value).toBe(null);
  });

  it.each([
    ['day', [1, 1, 1]],
    ['month', [1.5, 1]],
  ] as const)('of a category and of all are known by the %s', async (scale, times) => {
    for (const by of ['category', 'kind', 'scanClass'] as const) {
      const rows = await trendRows(db, { ...scope, by }, scale, 'sources');
      expect(rows.map(({ value }) => Math.round((10 * (value ?? 0)) / SOURCES) / 10)).toEqual(times);
    }
  });

  it('stay known by the month when the sketches of its days are dropped, which are then not known', async () => {
    const held = await heldMonths(db);
    const before = await trendRows(db, { ...scope, by: 'kind' }, 'month', 'sources');
    const dropped = held.filter(({ table, month }) => /Sketches$/.test(table) && month === 202003);
    expect(dropped.length).toBe(2);
    expect(await dropMonths(db, dropped, held)).toEqual([]);
    expect(await finaliseSensor(db, SENSOR)).toBe(0);
    expect(await trendRows(db, { ...scope, by: 'kind' }, 'month', 'sources')).toEqual(before);
    const days = await trendRows(db, { ...scope, by: 'kind' }, 'day', 'sources');
    expect(days.map(({ value }) => value === null)).toEqual([true, true, false]);
    expect((await trendRows(db, march, 'day', 'sources'))[0]?.value).toBe(SOURCES);
  });
});
