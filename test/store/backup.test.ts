// What docs/operating.md says of backups: made while others work, restored into an empty directory; or a stopped engine's files copied.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { openStore } from '../../dist/store/store.js';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { storedContents } from '../setup/stored.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
const [january, february] = ['2019-01', '2019-02'].map((month) => path.join(samples, `${month}.pcap.gz`)) as [
  string,
  string,
];

it('a backup, and another on top of it, bring all tables back, and what was counted stays known', {
  timeout: 120_000,
}, async () => {
  const [data, restored, copied] = [temporaryDirectory(), temporaryDirectory(), temporaryDirectory()];
  const shell = (directory: string, sql: string) =>
    umbrascope(['engine', 'shell', '--write', '--data', directory], `${sql}\n`);
  const db = await openStore({ directory: data }); // keeps the engine up
  await umbrascopeJson(['ingest', '--data', data, january]);
  expect(await shell(data, "BACKUP DATABASE umbrascope TO File('first')")).toMatchObject({ code: 0 });
  await umbrascopeJson(['ingest', '--data', data, february]);
  const second = "BACKUP DATABASE umbrascope TO File('second') SETTINGS base_backup = File('first')";
  expect(await shell(data, second)).toMatchObject({ code: 0 });
  await db.close();
  await umbrascope(['engine', 'stop', '--data', data]);
  cpSync(data, copied, { recursive: true });

  cpSync(path.join(data, 'backups'), path.join(restored, 'backups'), { recursive: true });
  const restore = "RESTORE DATABASE umbrascope FROM File('second') SETTINGS allow_non_empty_tables = 1";
  expect(await shell(restored, restore)).toMatchObject({ code: 0, stdout: 'done\n' });
  const contents = await storedContents(data);
  expect(await storedContents(restored)).toEqual(contents);
  expect(await storedContents(copied)).toEqual(contents);
  const again = await umbrascopeJson<RunAccount>(['ingest', '--data', restored, january, february]);
  expect(again).toMatchObject({ frames: 0, alreadyFiles: 2, days: 0, balanced: true });
});
