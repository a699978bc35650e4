// Days and their flows: old rows may be dropped, and no figure of a finalised day changes, the account balances on, and late packets do not
// make a day anew; flows that come in while a day is made are in all of its tables.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { finaliseStale } from '../../store/finalise/finalise.ts';
import { dayAccounts } from '../../store/questions/account-days.ts';
import { storedCounts } from '../../store/questions/stored.ts';
import { dropMonths } from '../../store/retention/drop.ts';
import { droppable, heldMonths, type SensorMonth } from '../../store/retention/plan.ts';
import { readSensors } from '../../store/sensors.ts';
import { readAccount } from '../../web/report/answers.ts';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';

const data = temporaryDirectory();
/** In January by UTC, in February by the sensor's days. */
const edge = Date.UTC(2020, 0, 31, 23) / 1000;
const [january, february] = [0, 1].map((month) => Date.UTC(2020, month, 5, 12) / 1000) as [number, number];
let db: Connection;
beforeAll(async () => {
  db = await openStore({ directory: data });
});
afterAll(() => db.close());

function days(): Promise<{ day: string; packets: number; version: string }[]> {
  return db.query(
    'SELECT toString(day) AS day, sum(packets) AS packets, toString(any(version)) AS version FROM portDaysCurrent GROUP BY day ORDER BY day',
  );
}

function ingest(name: string, packets: number, first: number): Promise<RunAccount> {
  const file = path.join(temporaryDirectory(), name);
  writeFileSync(file, syns(packets, first));
  return umbrascopeJson(['ingest', '--data', data, '--time-zone', 'Asia/Tokyo', file]);
}

interface Retained {
  dropped: SensorMonth[];
  left: SensorMonth[];
}

it('what is to be dropped is shown, and only then dropped; all figures stay', async () => {
  for (const [name, packets, first] of [
    ['a', 300, january],
    ['b', 200, february],
    ['c', 70, edge],
  ] as const)
    await ingest(name, packets, first);
  const before = await days();
  const old = ['engine', 'retain', '--data', data, '--keep', 'flows=1d', '--keep', 'minutes=1d'];
  const shown = await umbrascopeJson<Retained>(old);
  expect(shown.dropped.map(({ table, month, packets }) => [table, month, packets])).toEqual([
    ['flows', 202001, 370],
    ['flows', 202002, 200],
    ['minutes', 202001, 370],
    ['minutes', 202002, 200],
  ]);
  expect(await heldMonths(db)).toHaveLength(12);

  const { stdout } = await umbrascope([...old.slice(0, -2), '--apply']);
  expect(stdout).toMatch(/freed; no figure of a finalised day has changed\n$/);
  expect((await heldMonths(db)).map(({ table }) => table)).not.toContain('flows');
  expect(await days()).toEqual(before);
  expect(await finaliseStale(db)).toBe(0);
  expect(await readAccount(db)).toMatchObject({ balanced: true, sensors: [{ stored: 0, dropped: 570, counted: 570 }] });
});

it('what would have the days made anew leaves days without flows as they were', async () => {
  const before = await days();
  await db.command('INSERT INTO sensors SELECT * REPLACE (7 AS minPorts, changed + 1 AS changed) FROM sensors FINAL');
  expect(await finaliseStale(db)).toBe(0);
  expect(await days()).toEqual(before);
});

it('late packets are counted, said to be late, and change no finalised figure', async () => {
  const before = await days();
  const account = await ingest('late', 50, january + 3600);
  expect(account).toMatchObject({ balanced: true, days: 0, late: [{ day: '2020-01-05', packets: 50 }] });
  expect(await days()).toEqual(before);
  const { stdout, code } = await umbrascope(['status', '--data', data]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/LATE {8}50 packets of 2020-01-05 came after the flows of these days were dropped/);
  const [sensor] = await readSensors(db);
  const accounts = await dayAccounts(db, sensor as NonNullable<typeof sensor>);
  expect(accounts.map(({ day, flows, dropped, balanced }) => [day, flows, dropped, balanced])).toEqual([
    ['2020-01-05', 50, 300, 1],
    ['2020-02-01', 0, 70, 1],
    ['2020-02-05', 0, 200, 1],
  ]);
  const fresh = await ingest('fresh', 10, Date.UTC(2020, 0, 20) / 1000);
  expect(fresh).toMatchObject({ days: 1, balanced: true });
  expect((await days()).find(({ day }) => day === '2020-01-20')).toMatchObject({ packets: 10 });
});

it('a drop that was cut off, before or after the rows went, balances, and the next one ends it', async () => {
  const record = (packets: number, month: number, started: number) =>
    db.command(`INSERT INTO dropped SELECT 'default', 'minutes', '2020-01-05', ${month}, ${started}, ${packets}, 0`);
  const balanced = async () => {
    const { counted, minutes } = await storedCounts(db, 'default');
    return counted === minutes;
  };
  await record(430, 202001, 1);
  expect(await balanced()).toBe(true);
  await dropMonths(db, [], []);
  expect(await balanced()).toBe(true);
  await record(430, 202001, 2);
  await db.command('ALTER TABLE minutes DROP PARTITION 202001');
  expect(await balanced()).toBe(true);
  await dropMonths(db, [], []);
  expect(await balanced()).toBe(true);
  expect(
    await db.query('SELECT started, state FROM dropped FINAL WHERE tableName = {t:String} ORDER BY started', {
      t: 'minutes',
    }),
  ).toEqual([
    { started: 1, state: 2 },
    { started: 2, state: 1 },
  ]);
});

it('other sensors of the month keep their flows; days that are not finalised keep theirs', async () => {
  const file = path.join(temporaryDirectory(), 'other.pcap');
  writeFileSync(file, syns(40, january));
  await umbrascopeJson(['ingest', '--data', data, '--sensor', 'other', file]);
  const all = ['engine', 'retain', '--data', data, '--keep', 'flows=1d', '--apply'];
  await umbrascopeJson([...all, '--sensor', 'default']);
  expect((await heldMonths(db)).filter(({ table }) => table === 'flows')).toMatchObject([{ sensor: 'other', rows: 1 }]);
  expect((await readAccount(db)).balanced).toBe(true);
  await db.command("INSERT INTO flows SELECT * REPLACE (hour + 86400 AS hour) FROM flows WHERE sensor = 'other'");
  await db.command(
    "INSERT INTO fateHours SELECT * REPLACE (hour + 86400 AS hour) FROM fateHours WHERE sensor = 'other'",
  );
  const held = await heldMonths(db);
  const left = await dropMonths(
    db,
    held.filter(({ table }) => table === 'flows'),
    held,
  );
  expect(left).toMatchObject([{ table: 'flows', sensor: 'other', month: 202001 }]);
});

it('a table that is too large loses its oldest months, and never its newest', () => {
  const month = (number: number, bytes: number): SensorMonth => {
    return { table: 'flows', sensor: 'a', month: number, rows: 1, packets: 1, bytes };
  };
  const held = [month(202001, 50), month(202002, 40), month(202003, 30)];
  const dropped = (bytes: number) =>
    droppable(held, [{ tableName: 'flows', sensor: '', days: 0, bytes }], 0).map((one) => one.month);
  expect([dropped(120), dropped(119), dropped(70), dropped(69), dropped(1)]).toEqual([
    [],
    [202001],
    [202001],
    [202001, 202002],
    [202001, 202002],
  ]);
});

it('a table that figures are made from is kept for ever', async () => {
  const refused = await umbrascope(['engine', 'retain', '--data', data, '--keep', 'portDays=1y', '--apply']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('portDays is kept for ever');
});

it('rules that are written down hold for later runs', async () => {
  await umbrascope(['engine', 'retain', '--data', data, '--keep', 'live', '--save']);
  const { rules, dropped } = await umbrascopeJson<Retained & { rules: unknown[] }>([
    'engine',
    'retain',
    '--data',
    data,
  ]);
  expect(rules).toContainEqual({ tableName: 'flows', sensor: '', days: 90, bytes: 0 });
  expect(dropped.some(({ table }) => table === 'flows')).toBe(true);
  await umbrascope(['engine', 'retain', '--data', data, '--keep', 'flows=all', '--save']);
  const later = await umbrascopeJson<Retained>(['engine', 'retain', '--data', data]);
  expect(later.dropped.some(({ table }) => table === 'flows')).toBe(false);
});

it('a day that flows come into while it is made is made again', { timeout: 60_000 }, async () => {
  await finaliseStale(db);
  const more = async (packets: number) => {
    const when = "toDateTime('2020-03-05 12:00:00', 'UTC')";
    await db.command(
      `INSERT INTO flows SELECT 'default', ${when}, 'scan', 6, 23, 0, '::ffff:203.0.113.9', 0, ${packets}, 60, [0]`,
    );
    await db.command(`INSERT INTO fateHours SELECT 'default', ${when}, 'counted', ${packets}, 60`);
  };
  await more(300);
  let busy = true;
  const beside: Connection = {
    ...db,
    command: async (sql, parameters) => {
      if (sql.includes('INSERT INTO portDays') && busy) {
        busy = false;
        await more(200);
      }
      await db.command(sql, parameters);
    },
  };
  expect(await finaliseStale(beside)).toBe(1);
  expect(await finaliseStale(db)).toBe(1);
  const sums = ['sourceDays', 'portDays', 'portMonths'].map(async (table) => {
    const day = table === 'portMonths' ? "month = '2020-03-01'" : "day = '2020-03-05'";
    return (await db.query(`SELECT sum(packets) AS packets FROM ${table}Current WHERE ${day}`))[0];
  });
  expect(await Promise.all(sums)).toEqual(Array(3).fill({ packets: 500 }));
  expect(await finaliseStale(db)).toBe(0);
});
