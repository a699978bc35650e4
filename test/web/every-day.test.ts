// What nearly every answer says of its days: a server, which asks for all days at once, says the same as who asks for these days alone.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import { MOST_NOTES, writeAnnotation } from '../../store/annotations.ts';
import type { Connection } from '../../store/database.ts';
import { instantsOf, notesOf, rulesOf } from '../../web/report/every-day.ts';
import { remembered } from '../../web/report/remembered.ts';
import { temporaryDirectory } from '../setup/command.ts';

let db: Connection;
let served: Connection;
let state = 0;
beforeAll(async () => {
  db = await openStore({ directory: temporaryDirectory() });
  served = remembered(db, () => `state ${state}`);
  await db.command(
    `INSERT INTO days (sensor, day, version, packets, rulesVersion)
     SELECT 'one', toDate('2020-03-20') + number, 1, 7, if(number < 10, 'old', 'new') FROM numbers(30)`,
  );
  await writeAnnotation(db, { day: '2020-03-21', text: 'first' });
  await writeAnnotation(db, { day: '2020-04-02', text: 'second' });
});
afterAll(() => db.close());

// In this zone 29 March 2020 has 23 hours.
test.each([
  ['2020-03-20', '2020-04-18'],
  ['2020-03-29', '2020-03-29'],
  ['2020-03-28', '2020-03-31'],
  ['2020-03-30', '2020-04-02'],
  ['2020-04-18', '2020-04-18'],
  ['2019-12-31', '2020-03-19'],
  ['2020-03-01', '2020-05-01'],
  ['2020-04-19', '2021-01-01'],
])('%s to %s', async (from, to) => {
  const scope = { sensors: ['one'], timeZone: 'Europe/Berlin', from, to };
  expect(await instantsOf(served, scope)).toEqual(await instantsOf(db, scope));
  expect(await rulesOf(served, scope)).toEqual(await rulesOf(db, scope));
  expect(await notesOf(served, from, to)).toEqual(await notesOf(db, from, to));
});

test('the day on which the clocks go forward has 23 hours', async () => {
  const scope = { sensors: ['one'], timeZone: 'Europe/Berlin', from: '2020-03-29', to: '2020-03-29' };
  const { start, end } = await instantsOf(served, scope);
  expect(end - start).toBe(23 * 3600);
});

test('of more notes than are read at once, those of the days are found all the same', async () => {
  await db.command(
    `INSERT INTO annotations (id, day, text, changed) SELECT toString(number), '2019-01-01', 'many', 1 FROM numbers(${MOST_NOTES})`,
  );
  state++;
  expect(await notesOf(served, '2020-03-01', '2020-05-01')).toHaveLength(2);
});
