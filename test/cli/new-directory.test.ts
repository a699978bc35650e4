// The first `ingest` into a data directory reads and counts while its database is on its way up.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ingestDefaults, ingestInto } from '../../dist/cli/ingest.js';
import { isNewStore, openMeanwhile, openStore } from '../../dist/store/store.js';
import { temporaryDirectory, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';

const NOON = Date.UTC(2020, 8, 14, 12) / 1000;

function capture(packets: number, seconds: number): string {
  const file = path.join(temporaryDirectory(), `${seconds}.pcap`);
  writeFileSync(file, syns(packets, seconds));
  return file;
}

it('a directory is new until its database or its spool holds something', async () => {
  const data = path.join(temporaryDirectory(), 'data');
  expect(isNewStore({ directory: data })).toBe(true);
  expect(isNewStore({ directory: data, url: 'http://127.0.0.1:1' })).toBe(false);
  await umbrascopeJson(['ingest', '--data', data, capture(64, NOON)]);
  expect(isNewStore({ directory: data })).toBe(false);
});

it('what is counted meanwhile is inserted when the database is there, once', async () => {
  const data = temporaryDirectory();
  const file = capture(64, NOON);
  const db = await openMeanwhile({ directory: data });
  const options = { ...ingestDefaults(), data, darknet: ['198.51.100.0/24'] };
  const first = await ingestInto(db, [file], options, true);
  expect([first.counted, first.balanced, first.days]).toEqual([64, true, 1]);
  const again = await ingestInto(db, [file], options);
  expect([again.alreadyFrames, again.balanced]).toEqual([64, true]);
  await db.close();
});

it('of two commands that begin to use a directory at once, the later inserts nothing and leaves nothing in the spool', async () => {
  const data = temporaryDirectory();
  const db = await openStore({ directory: data });
  const options = { ...ingestDefaults(), data, darknet: ['198.51.100.0/24'] };
  await ingestInto(db, [capture(64, NOON)], options);
  const late = ingestInto(db, [capture(200, NOON + 60)], { ...options, darknet: ['203.0.113.0/24'] }, true);
  await expect(late).rejects.toThrow(
    `another command began to use ${data} at the same time: give the same command again`,
  );
  expect(await db.query('SELECT sum(packets) AS packets FROM flows')).toEqual([{ packets: 64 }]);
  expect(readdirSync(path.join(data, 'spool'))).toEqual([]);
  await db.close();
});

it('a database that does not come up is told in a line, and nothing is left of what was counted', async () => {
  const data = temporaryDirectory();
  writeFileSync(path.join(data, 'engine'), 'no directory');
  const db = await openMeanwhile({ directory: data });
  const options = { ...ingestDefaults(), data };
  await expect(ingestInto(db, [capture(64, NOON)], options, true)).rejects.toThrow(
    /^the database in .* did not start: /,
  );
  expect(existsSync(path.join(data, 'spool'))).toBe(true);
  expect(readdirSync(path.join(data, 'spool'))).toEqual([]);
  await db.close();
});
