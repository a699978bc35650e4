// What a run that lost its power left in the spool, some of it damaged: sent, or read again from the files, and counted once.
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { ingestDefaults, ingestInto } from '../../dist/cli/ingest.js';
import { openStore } from '../../dist/store/store.js';
import { startCommand, temporaryDirectory } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';

const FRAMES = 64;
const NOON = Date.UTC(2020, 8, 14, 12) / 1000;
const LATER = NOON + 3600;

/** A data directory whose spool holds what one file was counted for: a batch of its units, and one that says that it is read. */
async function leftBehind(first = NOON): Promise<{ data: string; file: string; units: string }> {
  const data = temporaryDirectory();
  const file = path.join(temporaryDirectory(), 'a.pcap');
  writeFileSync(file, syns(FRAMES, first));
  await withoutPower(data, file);
  const spool = path.join(data, 'spool');
  const [name = ''] = readdirSync(spool);
  const units = path.join(spool, name);
  const ofFiles = readdirSync(units).find((block) => block.includes('-files-')) as string;
  expect(readdirSync(units).sort().at(-1)).toBe(ofFiles);
  // As when a round ends between a file's last unit and its end. Its name comes before that of the units, or behind it.
  const files = path.join(spool, name.startsWith('0') ? 'f'.repeat(32) : '0'.repeat(32));
  mkdirSync(files);
  renameSync(path.join(units, ofFiles), path.join(files, ofFiles.replace(/^\d+/, '0000')));
  return { data, file, units };
}

/** An ingest that comes as far as its first insert. */
async function withoutPower(data: string, file: string): Promise<void> {
  const db = await openStore({ directory: data });
  const failing = { ...db, insertFile: () => Promise.reject(new Error('the power is away')) };
  const options = { ...ingestDefaults(), data, darknet: ['198.51.100.0/24'] };
  await expect(ingestInto(failing, [file], options)).rejects.toThrow('the power is away');
  await db.close();
}

async function ingest(data: string, ...files: string[]): Promise<{ account: RunAccount; stderr: string }> {
  const { code, stdout, stderr } = await startCommand(['ingest', '--json', '--data', data, ...files]).outcome;
  expect(code).toBe(0);
  return { account: JSON.parse(stdout), stderr };
}

function damage(batch: string): void {
  const block = path.join(batch, readdirSync(batch).find((name) => name.includes('-flows-')) as string);
  const bytes = readFileSync(block);
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  writeFileSync(block, bytes);
}

it('whole batches are sent, and the file is not read again', async () => {
  const { data, file } = await leftBehind();
  const { account } = await ingest(data, file);
  expect(account).toMatchObject({ files: 0, frames: 0, alreadyFrames: FRAMES, days: 1, balanced: true });
  expect(readdirSync(path.join(data, 'spool'))).toEqual([]);
});

it('a batch that is damaged is counted again from its file, although another says that this is read', async () => {
  const { data, file, units } = await leftBehind();
  damage(units);
  const { account, stderr } = await ingest(data, file);
  expect(stderr).toContain(`${units}.damaged is not sent: `);
  expect(account).toMatchObject({ files: 1, counted: FRAMES, alreadyFrames: 0, balanced: true });
  expect(readdirSync(path.join(data, 'spool'))).toEqual([`${path.basename(units)}.damaged`]);
  const again = await ingest(data, file);
  expect(again.account).toMatchObject({ files: 0, counted: 0, alreadyFrames: FRAMES, balanced: true });
});

it('what is damaged stays in its place until all others are sent: a run that fails at it leaves all of it to the next', async () => {
  const left = await leftBehind();
  const other = await leftBehind(LATER);
  cpSync(other.units, path.join(left.data, 'spool', path.basename(other.units)), { recursive: true });
  damage(left.units);
  await withoutPower(left.data, left.file);
  expect(readdirSync(path.join(left.data, 'spool'))).toContain(path.basename(left.units));
  const { account } = await ingest(left.data, left.file, other.file);
  expect(account).toMatchObject({ files: 2, counted: FRAMES, alreadyFrames: FRAMES, balanced: true });
});

it('the last batch goes beside the one before it, but no file is known as read when that one fails', async () => {
  const data = temporaryDirectory();
  const captures = temporaryDirectory();
  // a thousand files are a batch; those that are on their way at its end are in it
  const files = Array.from({ length: 1200 }, (_, place) => path.join(captures, `${place}.pcap`));
  for (const [place, file] of files.entries()) writeFileSync(file, syns(1, NOON + place));
  const db = await openStore({ directory: data });
  const asked: string[] = [];
  let lastUnits = () => {};
  const lastUnitsAreIn = new Promise<void>((resolve) => {
    lastUnits = resolve;
  });
  const failing: typeof db = {
    ...db,
    insertFile: async (table, file, token) => {
      asked.push(table);
      if (asked.length === 1) {
        await lastUnitsAreIn;
        throw new Error('the power is away');
      }
      await db.insertFile(table, file, token);
      if (table === 'ledger') lastUnits();
    },
  };
  const options = { ...ingestDefaults(), data, darknet: ['198.51.100.0/24'] };
  await expect(ingestInto(failing, files, options)).rejects.toThrow('the power is away');
  await db.close();
  expect(asked).toContain('ledger');
  expect(asked).not.toContain('files');
  expect(readdirSync(path.join(data, 'spool'))).toHaveLength(2);
  const { account } = await ingest(data, ...files);
  expect(account).toMatchObject({ alreadyFrames: 1200, days: 1, balanced: true });
  expect(readdirSync(path.join(data, 'spool'))).toEqual([]);
});
