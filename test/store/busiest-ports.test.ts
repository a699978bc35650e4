// The ports with most packets of any span are those that adding up all of its days gives: where the bounds of months decide, where they say
// too little, and with ports that are equal.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import { createRandom } from '../../sample-pcaps/random.ts';
import type { Connection } from '../../store/database.ts';
import { finaliseSensor } from '../../store/finalise/finalise.ts';
import { busiestPorts } from '../../store/questions/busiest-ports.ts';
import { DAYS } from '../../store/questions/conditions.ts';
import { PORT_NAME, PORTS_ASKED, type TrendScope } from '../../store/questions/trend-scope.ts';
import { DEFAULT_SURVEY_RULE } from '../../store/sensors.ts';
import { temporaryDirectory } from '../setup/command.ts';

const sensor = { sensor: 'one', timeZone: 'UTC', darknet: [], rulesVersion: 'x', ...DEFAULT_SURVEY_RULE };
const FIRST = Date.parse('2019-11-10');
const MANY = 150;
const day = (number: number) => new Date(FIRST + number * 86_400_000).toISOString().slice(0, 10);
let db: Connection;
/** Statements by their first line. */
const asked: string[] = [];

beforeAll(async () => {
  const store = await openStore({ directory: temporaryDirectory() });
  db = {
    ...store,
    query: (sql, ...more) => {
      asked.push(sql.split('\n')[0] ?? '');
      return store.query(sql, ...more);
    },
  };
  // 700 ports, few of them busy; many have as much as others; each third has a day on which it is busier than all together.
  await db.command(
    `INSERT INTO portDays (sensor, day, version, scanClass, kind, proto, dstPort, packets)
     SELECT 'one', toDate({first:Date}) + ahead, 1, if(port % 5 = 0, 'surveySuspected', 'other'), if(port % 7 = 0, 'backscatter', 'scan'),
       if(port % 2 = 0, 6, 17), port, 1 + intDiv(4000, 1 + port) + if(port % 3 = 0 AND cityHash64(port) % ${MANY} = ahead, 1000000 + port % 50, 0)
     FROM (SELECT number AS port FROM numbers(700)) AS ports ARRAY JOIN range(${MANY}) AS ahead`,
    { first: day(0) },
  );
  await db.command(
    `INSERT INTO days (sensor, day, version) SELECT 'one', toDate({first:Date}) + number, 1 FROM numbers(${MANY})`,
    { first: day(0) },
  );
  await finaliseSensor(db, sensor);
});
afterAll(() => db.close());

const scope = (from: string, to: string, more: Partial<TrendScope> = {}): TrendScope => ({
  ...{
    sensors: ['one'],
    from,
    to,
    timeZone: 'UTC',
    by: 'port',
    kind: 'scan',
    survey: 'include',
    port: '',
    category: '',
  },
  ...{ series: 8, ...more },
});

async function comparesWithDays(asks: TrendScope): Promise<void> {
  const added = await db.query<{ port: string }>(
    `SELECT ${PORT_NAME} AS port FROM portDaysCurrent WHERE ${DAYS} AND ${PORTS_ASKED}
     GROUP BY proto, dstPort ORDER BY sum(packets) DESC, port LIMIT {series:UInt32}`,
    { ...asks },
  );
  expect([asks, (await busiestPorts(db, asks, 'day')).map(({ port }) => port)]).toEqual([
    asks,
    added.map(({ port }) => port),
  ]);
}

it('is so of random spans, kinds, classes and numbers of ports', async () => {
  const random = createRandom('busiest ports');
  for (let time = 0; time < 60; time++) {
    const [from = 0, to = 0] = [random.int(0, MANY - 1), random.int(0, MANY - 1)].sort((a, b) => a - b);
    const kind = random.pick(['scan', 'backscatter', 'other', 'all'] as const);
    const survey = random.pick(['exclude', 'include', 'only'] as const);
    await comparesWithDays(scope(day(from), day(to), { kind, survey, series: random.pick([1, 3, 8, 30]) }));
  }
});

it('reads the days of few ports where the months decide, and of all where they do not', async () => {
  const all = '-- Which ports had most packets in this span?';
  asked.length = 0;
  await comparesWithDays(scope('2019-11-12', '2020-03-30'));
  expect(asked).not.toContain(all);
  asked.length = 0;
  // Hundreds of ports were busier on another day of this month than any on this one.
  await comparesWithDays(scope('2020-02-29', '2020-02-29', { series: 30 }));
  expect(asked).toContain(all);
});
