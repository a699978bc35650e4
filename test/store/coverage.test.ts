// How much of a year was observed, out of the minutes in which something was heard.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { observedOf } from '../../web/report/every-day.ts';
import { remembered } from '../../web/report/remembered.ts';
import { temporaryDirectory } from '../setup/command.ts';

let db: Connection;
beforeAll(async () => {
  db = await openStore({ directory: temporaryDirectory() });
});
afterAll(() => db.close());

const hour = (number: number) => 1_577_836_800 + 3600 * number;
const minutes = (from: number, to: number) => (2n ** BigInt(to - from + 1) - 1n) << BigInt(from);

test.each([
  { what: 'an hour by itself heard from its first to its last minute', heard: [[0, minutes(0, 59)]], seconds: 3600 },
  { what: 'its first minute', heard: [[0, minutes(0, 0)]], seconds: 60 },
  { what: 'its last minute', heard: [[0, minutes(59, 59)]], seconds: 60 },
  { what: 'its seventh minute and its last', heard: [[0, minutes(6, 6) | minutes(59, 59)]], seconds: 54 * 60 },
  {
    what: 'two hours, each from its middle on',
    heard: [
      [0, minutes(30, 59)],
      [1, minutes(29, 31)],
    ],
    seconds: 62 * 60,
  },
  {
    what: 'a quiet hour between two',
    heard: [
      [0, minutes(0, 59)],
      [1, minutes(5, 5)],
      [2, minutes(0, 59)],
    ],
    seconds: 3 * 3600,
  },
] as { what: string; heard: [number, bigint][]; seconds: number }[])('$what', async ({ what, heard, seconds }) => {
  for (const [number, bits] of heard) {
    await db.command(
      `INSERT INTO coverage (sensor, hour, heardMinutes) VALUES ({what:String}, {at:UInt32}, {bits:UInt64})`,
      {
        what,
        at: hour(number),
        bits: String(bits),
      },
    );
  }
  const scope = { sensors: [what], from: '2020-01-01', to: '2020-01-31', timeZone: 'UTC' };
  const observed = [{ bucket: '2020-01-01', observedSeconds: seconds }];
  expect(await observedOf(db, scope, 'month')).toEqual(observed);
  // As a server works it out, once for all who ask.
  const served = remembered(db, () => 'one');
  expect(await observedOf(served, scope, 'month')).toEqual(observed);
  expect(await observedOf(served, { ...scope, from: '2020-01-02' }, 'month')).not.toEqual(observed);
});
