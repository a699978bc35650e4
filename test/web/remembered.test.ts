// A server asks the database the same question once for each state of the data.
import { expect, it } from 'vitest';
import type { Connection } from '../../store/database.ts';
import { remembered } from '../../web/report/remembered.ts';
import { theStore } from './small-store.ts';

async function counted() {
  const db = await theStore();
  const asked: string[] = [];
  const counting: Connection = {
    ...db,
    query: (sql, parameters, settings) => {
      asked.push(sql);
      return db.query(sql, parameters, settings);
    },
  };
  return { counting, asked };
}

it('is asked once while nothing changes, with each of its parameters, and again when something has', async () => {
  const { counting, asked } = await counted();
  let version = '';
  const db = remembered(counting, () => version);
  const ask = (number: number) => db.query('SELECT {number:UInt8} AS number', { number });
  await Promise.all([ask(1), ask(1)]);
  expect(asked).toHaveLength(2);
  version = 'one';
  await Promise.all([ask(1), ask(1), ask(2)]);
  expect(await ask(1)).toEqual([{ number: 1 }]);
  expect(asked).toHaveLength(4);
  version = 'two';
  expect(await ask(2)).toEqual([{ number: 2 }]);
  expect(asked).toHaveLength(5);
});

it('is asked again when it failed', async () => {
  const { counting, asked } = await counted();
  const db = remembered(counting, () => 'one');
  await expect(db.query('SELECT nothing')).rejects.toThrow(/nothing/);
  await expect(db.query('SELECT nothing')).rejects.toThrow(/nothing/);
  expect(asked).toHaveLength(2);
});

it('gives the same rows to all, and nobody can change them', async () => {
  const { counting } = await counted();
  const db = remembered(counting, () => 'one');
  const rows = await db.query('SELECT number FROM numbers(3)');
  expect(() => rows.sort(() => -1)).toThrow(TypeError);
});
