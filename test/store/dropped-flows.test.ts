// Flows may be dropped when their days are made: no figure changes by it, whatever would have the days made anew.
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
