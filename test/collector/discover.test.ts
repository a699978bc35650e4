// Finding captures: files, directories, globs and standard input, in an order that does not depend on the file system.
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { discoverCaptures } from '../../collector/discover.ts';

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);
const found = async (...names: string[]) =>
  (await discoverCaptures(names)).map((file) => path.relative(folder, file.path));

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'umbrascope-discover-'));
  await mkdir(at('2020', 'deep'), { recursive: true });
  await mkdir(at('empty'));
  // Written in an order that is not the sorted one.
  for (const name of [
    '2020/b.pcap',
    '2020/Z.pcap',
    '2020/deep/a.pcapng',
    '2020/a.pcap.gz',
    'odd[1].pcap',
    '2020/.hidden',
  ]) {
    await writeFile(at(name), name);
  }
});
afterAll(() => rm(folder, { recursive: true }));

test('a directory is every file in and below it, sorted by path', async () => {
  expect(await found(at('2020'))).toEqual(['2020/Z.pcap', '2020/a.pcap.gz', '2020/b.pcap', '2020/deep/a.pcapng']);
});

test('a glob is the files that fit it, sorted by path', async () => {
  expect(await found(at('2020/*.pcap'))).toEqual(['2020/Z.pcap', '2020/b.pcap']);
  expect(await found(at('2020/**/a.*'))).toEqual(['2020/a.pcap.gz', '2020/deep/a.pcapng']);
});

test('named files keep their order, and every file comes once', async () => {
  expect(await found(at('2020/b.pcap'), at('2020/a.pcap.gz'), at('2020/*.pcap'), at('2020/deep/../b.pcap'))).toEqual([
    '2020/b.pcap',
    '2020/a.pcap.gz',
    '2020/Z.pcap',
  ]);
});

test('a file whose name looks like a glob is that file', async () => {
  expect(await found(at('odd[1].pcap'))).toEqual(['odd[1].pcap']);
});

test('a file comes with its size and the time of its last change', async () => {
  await utimes(at('2020/b.pcap'), 1, new Date(1_577_836_800_123));
  expect(await discoverCaptures([at('2020/b.pcap')])).toEqual([
    { path: at('2020/b.pcap'), size: '2020/b.pcap'.length, modified: 1_577_836_800_123, named: true },
  ]);
});

test('standard input is taken as it is named', async () => {
  expect(await discoverCaptures(['-'])).toEqual([{ path: '-', size: 0, modified: 0, named: true }]);
});

test('an argument that names nothing is named in the error', async () => {
  await expect(found(at('2020/b.pcap'), at('missing.pcap'))).rejects.toThrow(
    `${at('missing.pcap')}: no such file or directory`,
  );
  await expect(found(at('*.pcapng'))).rejects.toThrow(`${at('*.pcapng')} fits no file`);
  await expect(found(at('empty'))).rejects.toThrow(`${at('empty')} is an empty directory`);
});
