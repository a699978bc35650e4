// The spool: a batch of blocks is there whole or not at all, and is named by the units in it.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  batchDamage,
  batchFiles,
  leftoverBatches,
  removeBatch,
  type SpoolBlock,
  setAside,
  waitingBatches,
  writeBatch,
} from '../../collector/spool.ts';

let spool: string;
beforeEach(async () => {
  spool = await mkdtemp(path.join(os.tmpdir(), 'umbrascope-spool-'));
});
afterEach(() => rm(spool, { recursive: true }));

const text = (value: string) => new TextEncoder().encode(value);
const blocks: SpoolBlock[] = [
  { table: 'flows', pieces: [text('one '), text(''), text('two')] },
  { table: 'darkDays', pieces: [] },
  { table: 'ledger', pieces: [text('last')] },
];

test('a batch is its blocks in their order, byte for byte', async () => {
  const files = await batchFiles(await writeBatch(spool, ['unit'], blocks));
  expect(files.map(({ table }) => table)).toEqual(['flows', 'darkDays', 'ledger']);
  const contents = await Promise.all(files.map(({ file }) => readFile(file, 'utf8')));
  expect(contents).toEqual(['one two', '', 'last']);
});

test('the order of insertion holds beyond nine blocks', async () => {
  const many = Array.from({ length: 12 }, (_, number) => ({ table: `table${number}`, pieces: [] }));
  const files = await batchFiles(await writeBatch(spool, ['unit'], many));
  expect(files.map(({ table }) => table)).toEqual(many.map(({ table }) => table));
});

test('a block of more pieces than one write takes is whole', async () => {
  const pieces = Array.from({ length: 2000 }, (_, number) => text(`${number},`));
  const [{ file }] = await batchFiles(await writeBatch(spool, ['unit'], [{ table: 'flows', pieces }]));
  expect(await readFile(file, 'utf8')).toBe(Array.from({ length: 2000 }, (_, number) => `${number},`).join(''));
});

test('the same units give the same tokens, other units or another order of them do not', async () => {
  const tokens = async (units: string[]) => {
    const batch = await writeBatch(spool, units, blocks);
    const files = await batchFiles(batch);
    await removeBatch(batch);
    return files.map(({ token }) => token);
  };
  const first = await tokens(['a', 'b']);
  expect(await tokens(['a', 'b'])).toEqual(first);
  expect(new Set(first).size).toBe(3);
  for (const units of [['a'], ['b', 'a'], ['ab'], ['a', 'b', 'c']]) {
    for (const token of await tokens(units)) expect(first).not.toContain(token);
  }
});

test('what was written but not removed is left over, and removed batches are gone', async () => {
  expect(await leftoverBatches(spool)).toEqual([]);
  const one = await writeBatch(spool, ['one'], blocks);
  const two = await writeBatch(spool, ['two'], blocks);
  expect(await leftoverBatches(spool)).toEqual([one, two].sort());
  await removeBatch(one);
  expect(await leftoverBatches(spool)).toEqual([two]);
  expect((await batchFiles(two)).length).toBe(3);
});

test('half-written batches are thrown away and never sent', async () => {
  const whole = await writeBatch(spool, ['whole'], blocks);
  const half = path.join(spool, 'abc.unfinished');
  await mkdir(half);
  await writeFile(path.join(half, '00-flows.native'), 'half');
  expect(await leftoverBatches(spool)).toEqual([whole]);
  expect(await readdir(spool)).toEqual([path.basename(whole)]);
});

test('a batch that fails while it is written leaves nothing that would be sent', async () => {
  // A table name with a slash names a folder that is not there: the second block cannot be written.
  const failing = [blocks[0], { table: 'no/table', pieces: [text('x')] }];
  await expect(writeBatch(spool, ['unit'], failing)).rejects.toThrow('ENOENT');
  expect(await leftoverBatches(spool)).toEqual([]);
});

test('a batch is written over what a killed run left of it', async () => {
  const name = path.basename(await writeBatch(spool, ['unit'], blocks));
  await removeBatch(path.join(spool, name));
  await mkdir(path.join(spool, `${name}.unfinished`));
  await writeFile(path.join(spool, `${name}.unfinished`, '07-stale.native'), 'stale');
  const files = await batchFiles(await writeBatch(spool, ['unit'], blocks));
  expect(files.map(({ table }) => table)).toEqual(['flows', 'darkDays', 'ledger']);
  expect(await readdir(spool)).toEqual([name]);
});

test('batches that wait are counted without touching one that is being written', async () => {
  await writeBatch(spool, ['one'], blocks);
  const beingWritten = path.join(spool, 'abc.unfinished');
  await mkdir(beingWritten);
  expect(await waitingBatches(spool)).toBe(1);
  expect(await readdir(spool)).toContain('abc.unfinished');
  expect(await waitingBatches(path.join(spool, 'nowhere'))).toBe(0);
});

test('a batch with a changed, missing or foreign file is damaged, and is set aside under a name that is never sent', async () => {
  const batch = await writeBatch(spool, ['unit'], blocks);
  expect(await batchDamage(batch)).toBeUndefined();
  const [first = '', , last = ''] = (await readdir(batch)).sort();
  const bytes = await readFile(path.join(batch, first));
  await writeFile(path.join(batch, first), Buffer.from(bytes).fill(0x20, 0, 1));
  expect(await batchDamage(batch)).toBe(`${first} does not hold the bytes that were written`);
  await writeFile(path.join(batch, first), bytes);
  await rm(path.join(batch, last));
  await writeFile(path.join(batch, '0002-ledger.native'), 'last');
  expect(await batchDamage(batch)).toContain('0002-ledger.native is not the file');
  expect(await setAside(batch)).toBe(`${batch}.damaged`);
  expect([await leftoverBatches(spool), await waitingBatches(spool)]).toEqual([[], 0]);
});
