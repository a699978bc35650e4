// Invariant: any number of workers and any order of files give the same tables.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import { temporaryDirectory, umbrascopeJson } from '../setup/command.ts';
import { storedContents } from '../setup/stored.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
const files = readdirSync(samples)
  .filter((name) => name.startsWith('2019') && name.endsWith('.gz'))
  .map((name) => path.join(samples, name));

async function ingested(args: string[]): Promise<Record<string, string>> {
  const data = temporaryDirectory();
  await umbrascopeJson(['ingest', '--data', data, ...args]);
  return storedContents(data);
}

it('one worker or four, forwards or backwards, at once or in two runs: the same tables', async () => {
  const day = telescopeDay(temporaryDirectory(), 1_200_000, 3);
  const all = [day, ...files];
  const expected = await ingested(['--workers', '1', ...all]);
  expect(await ingested(['--workers', '4', ...all.toReversed()])).toEqual(expected);
  const data = temporaryDirectory();
  for (const part of [files.slice(6), [day, ...files.slice(0, 6)]])
    await umbrascopeJson(['ingest', '--data', data, ...part]);
  expect(await storedContents(data)).toEqual(expected);
});

it('late packets change the days they belong to, and the survey scanners of those days', async () => {
  const darknet = ['--darknet', '198.18.0.0/20'];
  const early = telescopeDay(temporaryDirectory(), 200_000, 5);
  const late = telescopeDay(temporaryDirectory(), 300_000, 6);
  const data = temporaryDirectory();
  await umbrascopeJson(['ingest', '--data', data, early, ...darknet]);
  const before = await storedContents(data);
  await umbrascopeJson(['ingest', '--data', data, late, ...darknet]);
  const after = await storedContents(data);
  expect(after.portDays).not.toBe(before.portDays);
  expect(await ingested([early, late, ...darknet])).toEqual(after);
});
