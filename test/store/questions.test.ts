// Each question reads the tables made for it and none that is larger, within limits of time and memory; and of a large table what it needs.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { TABLES } from '../../store/tables.ts';
import { temporaryDirectory } from '../setup/command.ts';

const folder = path.resolve(import.meta.dirname, '../../store/questions');
const span = { sensors: ['one'], from: '2020-01-05', to: '2020-03-20', timeZone: 'UTC' };
const trend = { ...span, by: 'category', kind: 'scan', survey: 'exclude', port: '', category: '', series: 8 };
const ofPort = { ...span, proto: 6, dstPort: 23 };
const top = { ...span, kind: 'scan', survey: 'include', limit: 10 };
const years = { years: [2019, 2020], months: [1, 12], sensors: ['one'], survey: 'exclude' };
const sensor = { sensor: 'one', timeZone: 'UTC' };
const tcp23 = [{ proto: 6, dstPort: 23 }];

/** What each is asked, and the tables it may read. */
const QUESTIONS: Record<string, [arguments: unknown[], tables: string]> = {
  dayAccounts: [[sensor], 'categoryDays dropped fateHours flows'],
  accountBySensor: [[], 'dropped fateHours files flows ledger sensors'],
  coverageBySensor: [[], 'coverage days'],
  engineState: [[], ''],
  fileAccounts: [[['one'], 10], 'files'],
  fileTotals: [[['one']], 'files'],
  sourceCells: [[{ ...span, kind: 'all' }, 8, 'packets', true], 'sourceDays'],
  sourceCellsByHour: [[{ ...span, kind: 'all' }, 8, 'packets'], 'flows'],
  darkCells: [[{ ...span, kind: 'all' }, true], 'darkDays'],
  observedBuckets: [[span, 'day'], 'coverage'],
  observedMinutes: [[span], 'captureMinutes coverage'],
  observedDays: [[{ ...span, sensor: 'one' }], 'coverage days fateHours'],
  damagedFiles: [[['one'], 10], 'files'],
  portYears: [[ofPort], 'portYears'],
  portCategories: [[ofPort], 'days rules'],
  portTools: [[ofPort], 'flows sourceDays'],
  mostScanned: [[span, 100], 'portDays portMonths portYears'],
  dailyPackets: [[span, tcp23], 'portDays'],
  daysKnown: [[span], 'days'],
  sensorPulses: [[['one']], 'coverage minutes sensors'],
  heartbeats: [[['one']], 'captureMinutes coverage'],
  daySpan: [[['one']], 'days'],
  rangeInstants: [[span], ''],
  beginningsOfDays: [[{ first: '2020-02-28', last: '2020-03-01' }, 'Asia/Tokyo'], ''],
  rulesOfRange: [[span], 'days'],
  rulesByDay: [[['one']], 'days'],
  dataVersion: [[], 'annotations coverage days dropped files ledger months sensorGroups sensors years'],
  portRisers: [[{ sensors: ['one'], month: '2020-02-01', survey: 'exclude', limit: 10 }], 'portMonths'],
  sourceTop: [[{ ...top, fresh: false }], 'sourceDays'],
  sourceRows: [[{ ...top, fresh: false }, ['::ffff:203.0.113.9']], 'sourceDays'],
  sourceDays: [[{ ...span, srcAddr: '::ffff:203.0.113.9' }], 'sourceDays'],
  sourcePorts: [[{ ...span, srcAddr: '::ffff:203.0.113.9' }, 10], 'flows'],
  portMoments: [[{ ...span, srcAddr: '::ffff:203.0.113.9' }, 10], 'flows'],
  storedCounts: [['one'], 'darkDays dropped fateHours flows ledger minutes portHours'],
  heldCounts: [['one'], 'darkDays fateHours flows ledger minutes portHours'],
  droppedBySensor: [[], 'dropped'],
  droppedMonths: [['one'], 'dropped'],
  lateDays: [[sensor], 'days dropped fateHours'],
  topPorts: [[top], 'portDays portMonths portSketches portYears'],
  topSources: [[top], 'sourceDays'],
  topTools: [[top], 'sourceDays'],
  toolRows: [[trend, 'day', 'packets'], 'sourceDays'],
  busiestPorts: [[trend, 'day'], 'portDays portMonths portYears'],
  portSeries: [[trend, 'day'], 'categoryDays portDays portMonths portYears'],
  portSourceSeries: [[trend, 'day'], 'portDays portMonths portYears'],
  unitHours: [['one'], 'ledger'],
  yearTotals: [[years], 'categoryMonths'],
  yearPorts: [[years, 30], 'portYears'],
  yearPortMonths: [[years, tcp23], 'portMonths'],
  yearAddresses: [[years], 'days'],
  yearPortsPerAddress: [[years, tcp23], 'categoryDays days portDays'],
  yearsWithData: [[['one']], 'days'],
  madeBy: [[years], 'days'],
  trendRows: [[trend, 'day', 'packets'], 'categoryDays'],
};

/** The same questions asked otherwise. */
const OTHERWISE: [name: string, arguments: unknown[], tables: string][] = [
  ['trendRows', [trend, 'minute', 'packets'], 'minutes'],
  ['trendRows', [trend, 'hour', 'packets'], 'days portHours rules'],
  ['trendRows', [trend, 'month', 'packets'], 'categoryMonths'],
  ['trendRows', [trend, 'day', 'sources'], 'categoryDays categorySketches'],
  ['trendRows', [trend, 'month', 'sources'], 'categoryMonths'],
  ['trendRows', [{ ...trend, by: 'port' }, 'day', 'sources'], 'portDays portMonths portYears'],
  ['trendRows', [{ ...trend, port: 'tcp/23' }, 'day', 'sources'], 'portDays'],
  ['trendRows', [{ ...trend, port: 'tcp/23', kind: 'all' }, 'day', 'sources'], 'portDays portSketches'],
  ['trendRows', [{ ...trend, port: 'tcp/23' }, 'day', 'packets'], 'portDays'],
  ['trendRows', [{ ...trend, port: 'tcp/23' }, 'month', 'packets'], 'portMonths'],
  ['trendRows', [{ ...trend, by: 'port' }, 'month', 'packets'], 'categoryMonths portDays portMonths portYears'],
  ['yearPorts', [{ ...years, months: [1, 11] }, 30], 'portMonths'],
  ['topPorts', [{ ...top, to: top.from }], 'portDays'],
  ['topPorts', [{ ...top, kind: 'all' }], 'flows portHours rules sensors sourceDays'],
];

interface Asked {
  sql: string;
  parameters: Record<string, unknown>;
}
let db: Connection;
const asked: Asked[] = [];
const functions = new Map<string, (...args: unknown[]) => Promise<unknown>>();
beforeAll(async () => {
  const store = await openStore({ directory: temporaryDirectory() });
  await store.command(`INSERT INTO sensors (sensor, timeZone) VALUES ('one', 'UTC')`);
  db = {
    ...store,
    query: (sql, parameters = {}, settings = {}) => {
      asked.push({ sql, parameters });
      return store.query(sql, parameters, settings);
    },
  };
  for (const file of readdirSync(folder))
    for (const [name, value] of Object.entries(await import(path.join(folder, file))))
      if (typeof value === 'function') functions.set(name, value as () => Promise<unknown>);
});
afterAll(() => db.close());

/** Tables behind FROM, JOIN and IN; a view stands for its table. */
function tablesIn(statements: readonly Asked[]): string {
  const names = new Set(TABLES.map(({ name }) => name));
  const found = statements.flatMap(({ sql }) =>
    [...sql.matchAll(/\b(?:FROM|JOIN|IN)\s+\(?\s*(\w+)/g)].map(([, name = '']) => name.replace(/Current$/, '')),
  );
  return [...new Set(found.filter((name) => names.has(name)))].sort().join(' ');
}

async function tablesOf(name: string, args: unknown[]): Promise<string> {
  asked.length = 0;
  await functions.get(name)?.(db, ...args);
  expect(asked.length, name).toBeGreaterThan(0);
  return tablesIn(asked);
}

describe('a question', () => {
  it('reads the tables meant for it, and every question of store/questions is among these', async () => {
    const texts = [
      'digestOf',
      'everHeld',
      'observedHours',
      'portParameters',
      'parameters',
      'portsOfDays',
      'sourcesOf',
      'wholeParts',
    ];
    expect([...functions.keys()].filter((name) => !texts.includes(name)).sort()).toEqual(Object.keys(QUESTIONS).sort());
    for (const [name, [args, tables]] of Object.entries(QUESTIONS))
      expect([name, await tablesOf(name, args)]).toEqual([name, tables]);
    for (const [name, args, tables] of OTHERWISE)
      expect([name, args, await tablesOf(name, args)]).toEqual([name, args, tables]);
  });

  it('that takes too much time or memory ends with a line that says what to do', async () => {
    const sleepy = db.query(
      'SELECT sleepEachRow(0.5) FROM numbers(10) SETTINGS max_block_size = 1',
      {},
      { max_execution_time: 1 },
    );
    await expect(sleepy).rejects.toThrow(/gave up a question that took more time than it may: ask about fewer days/);
    const large = db.query('SELECT groupArray(number) FROM numbers(400000000)');
    await expect(large).rejects.toThrow(/gave up a question that took more memory than it may/);
  });
});

describe('of two months in which all ports were hit', () => {
  const PORTS = 65_536;
  const DAYS = 60;
  beforeAll(async () => {
    await db.command(
      `INSERT INTO portDays (sensor, day, version, scanClass, kind, proto, dstPort, packets)
       SELECT 'one', toDate('2020-01-01') + number % ${DAYS}, 1, 'other', 'scan', 6, intDiv(number, ${DAYS}), 5 FROM numbers(${PORTS * DAYS})`,
    );
    await db.command(
      `INSERT INTO portMonths (sensor, month, version, scanClass, kind, proto, dstPort, packets)
       SELECT 'one', toDate('2020-01-01') + toIntervalMonth(number % 2), 1, 'other', 'scan', 6, intDiv(number, 2), 5 FROM numbers(${PORTS * 2})`,
    );
    await db.command(
      `INSERT INTO days (sensor, day, version, packets) SELECT 'one', toDate('2020-01-01') + number, 1, 5 FROM numbers(${DAYS})`,
    );
    await db.command(
      `INSERT INTO months (sensor, month, version) VALUES ('one', '2020-01-01', 1), ('one', '2020-02-01', 1)`,
    );
  });

  /** Rows of a table that the question's statements read, as the engine plans them. */
  async function rowsRead(name: string, args: unknown[]): Promise<Record<string, number>> {
    asked.length = 0;
    await functions.get(name)?.(db, ...args);
    const read: Record<string, number> = {};
    for (const { sql, parameters } of [...asked]) {
      const plan = await db.query<{ table: string; rows: number }>(`EXPLAIN ESTIMATE ${sql}`, parameters);
      for (const { table, rows } of plan) read[table] = (read[table] ?? 0) + rows;
    }
    return read;
  }

  it('one port is found without reading the others', async () => {
    const all = PORTS * DAYS;
    const history = await rowsRead('trendRows', [
      { ...trend, port: 'tcp/8080', from: '2020-01-01', to: '2020-02-29' },
      'day',
      'packets',
    ]);
    expect(history.portDays).toBeLessThan(all / 20);
    const month = await rowsRead('trendRows', [
      { ...trend, port: 'tcp/8080', from: '2020-01-01', to: '2020-01-31' },
      'day',
      'packets',
    ]);
    expect(month.portDays).toBeLessThan(all / 40);
    const months = await rowsRead('trendRows', [{ ...trend, port: 'tcp/8080' }, 'month', 'packets']);
    expect(months.portMonths).toBeLessThan(PORTS);
  });

  it('the top ports of whole months are found without reading their days', async () => {
    const { portDays = 0 } = await rowsRead('portSeries', [
      { ...trend, by: 'port', from: '2020-01-01', to: '2020-02-29' },
      'day',
    ]);
    expect(portDays).toBeLessThan((PORTS * DAYS) / 10);
  });
});
