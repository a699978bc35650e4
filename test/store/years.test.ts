// Years: what is read from portYears and the months since is what the days hold, ranks included, whenever days come.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { finaliseSensor } from '../../store/finalise/finalise.ts';
import { portYears } from '../../store/questions/port.ts';
import { yearPorts } from '../../store/questions/year-ports.ts';
import { yearPortMonths } from '../../store/questions/yearly.ts';
import { DEFAULT_SURVEY_RULE } from '../../store/sensors.ts';
import { temporaryDirectory } from '../setup/command.ts';

const sensor = { sensor: 'one', timeZone: 'UTC', darknet: [], rulesVersion: 'x', ...DEFAULT_SURVEY_RULE };
let db: Connection;
let version = 0;
beforeAll(async () => {
  db = await openStore({ directory: temporaryDirectory() });
});
afterAll(() => db.close());

/** Days as if they had just been finalised: 200 ports of two classes, each with packets of its own. */
async function finalised(...days: string[]): Promise<void> {
  version += 1;
  await db.command(
    `INSERT INTO portDays (sensor, day, version, scanClass, kind, proto, dstPort, packets)
     SELECT 'one', day, {version:UInt64}, if(number % 3 = 0, 'surveySuspected', 'other'), 'scan', if(number % 2 = 0, 6, 17),
       intDiv(number, 6), 1 + cityHash64(day, number) % 1000
     FROM numbers(1200) ARRAY JOIN {days:Array(Date)} AS day`,
    { version, days },
  );
  await db.command(
    `INSERT INTO days (sensor, day, version) SELECT 'one', arrayJoin({days:Array(Date)}), {version:UInt64}`,
    { version, days },
  );
  await finaliseSensor(db, sensor);
}

async function comparesWithDays(): Promise<void> {
  const all = await db.query<{ year: number }>(`SELECT DISTINCT toYear(day) AS year FROM days ORDER BY year`);
  const years = all.map(({ year }) => year);
  for (const survey of ['exclude', 'include', 'only'] as const) {
    const scope = { years, months: [1, 12] as [number, number], sensors: ['one'], survey };
    const ports = await yearPorts(db, scope, 10);
    // A second sensor, and chosen months, are put in order without stored ranks.
    expect(await yearPorts(db, { ...scope, sensors: ['one', 'none'] }, 10)).toEqual(
      ports.map(({ months: _, ...port }) => port),
    );
    const byMonth = await yearPortMonths(db, scope, ports);
    const packets = new Map(
      byMonth.map((row) => [`${row.year} ${row.proto}/${row.dstPort} ${row.monthOfYear}`, row.packets]),
    );
    for (const { year, proto, dstPort, months } of ports) {
      const sent = (month: number) => packets.get(`${year} ${proto}/${dstPort} ${month + 1}`) ?? 0;
      expect(months).toEqual(Array.from({ length: 12 }, (_, month) => sent(month)));
    }
    const sums = await db.query(
      `SELECT toYear(day) AS year, proto, dstPort, sum(packets) AS packets,
         row_number() OVER (PARTITION BY year ORDER BY packets DESC, proto, dstPort) AS rank
       FROM portDaysCurrent WHERE {survey:String} = 'include' OR (scanClass != 'other') = ({survey:String} = 'only')
       GROUP BY year, proto, dstPort ORDER BY year, rank LIMIT 10 BY year`,
      { survey },
    );
    const top = ports.filter(({ rank }) => rank <= 10);
    expect(top.map(({ category: _, sources: __, months: ___, ...port }) => port)).toEqual(sums);
  }
  for (const dstPort of [0, 7, 199]) {
    const port = { sensors: ['one'], from: '2018-01-01', to: '2020-12-31', timeZone: 'UTC', proto: 6, dstPort };
    const history = await portYears(db, port);
    expect(history).toHaveLength(years.length);
    expect(await portYears(db, { ...port, sensors: ['one', 'none'] })).toEqual(history);
  }
}

it('years, over or not, hold what their days hold, and the rank of every port', async () => {
  await finalised('2018-11-10', '2018-12-31', '2019-06-01', '2020-01-05');
  await comparesWithDays();
  await finalised('2020-02-05', '2020-02-06');
  await comparesWithDays();
});

it('and so they do when days come late, and when a day is made anew', async () => {
  await finalised('2019-03-03', '2016-07-01');
  await comparesWithDays();
  await finalised('2018-12-31', '2020-02-06');
  await comparesWithDays();
  expect(await db.query('SELECT year FROM years FINAL ORDER BY year')).toEqual(
    [2016, 2018, 2019, 2020].map((year) => ({ year })),
  );
});
