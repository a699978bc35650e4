// Days and their flows: those that were dropped change no figure, whatever would have the days made anew; those that come in while a day is
// made are in all of its tables.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { finaliseStale } from '../../store/finalise/finalise.ts';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';

const data = temporaryDirectory();
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

it('days whose flows are gone stay as they were made; all others are made anew', { timeout: 60_000 }, async () => {
  const file = (name: string, packets: number, first: number) => {
    const named = path.join(temporaryDirectory(), name);
    writeFileSync(named, syns(packets, first));
    return named;
  };
  await umbrascopeJson(['ingest', '--data', data, file('a.pcap', 300, january), file('b.pcap', 200, february)]);
  const [before, other] = await days();
  await db.command(`ALTER TABLE flows DROP PARTITION 202001`);
  await db.command('INSERT INTO sensors SELECT * REPLACE (7 AS minPorts, changed + 1 AS changed) FROM sensors FINAL');
  expect(await finaliseStale(db)).toBe(1);
  const [same, anew] = await days();
  expect(same).toEqual(before);
  expect(anew).toMatchObject({ day: '2020-02-05', packets: 200 });
  expect(anew?.version).not.toBe(other?.version);
  await umbrascope(['ingest', '--data', data, file('late.pcap', 50, january + 3600)]);
  expect((await days())[0]).toEqual(before);
  expect(await finaliseStale(db)).toBe(0);
});

it('a day that flows come into while it is made is made again', { timeout: 60_000 }, async () => {
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
  const sums = ['sourceDays', 'portDays', 'portHours', 'portMonths'].map(async (table) => {
    const day = table === 'portMonths' ? "month = '2020-03-01'" : "day = '2020-03-05'";
    return (await db.query(`SELECT sum(packets) AS packets FROM ${table}Current WHERE ${day}`))[0];
  });
  expect(await Promise.all(sums)).toEqual(Array(4).fill({ packets: 500 }));
  expect(await finaliseStale(db)).toBe(0);
});
