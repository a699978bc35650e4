// `umbrascope status`: the account in total, by file and by day, and what does not balance.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunAccount } from '../../cli/ingest/account.ts';
import type { DaysStatus } from '../../cli/status/days.ts';
import type { FilesStatus } from '../../cli/status/files.ts';
import { openStore } from '../../dist/store/store.js';
import { writePcap } from '../../sample-pcaps/captures.ts';
import { tcpSyn } from '../../sample-pcaps/packets.ts';
import type { Connection } from '../../store/database.ts';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';

const T = Date.UTC(2020, 8, 13, 12) / 1000;
const DAY = 86_400;
const frame = tcpSyn({ srcAddr: '203.0.113.9', dstAddr: '198.51.100.7', srcPort: 9, dstPort: 23, seq: 7 });

describe('status', () => {
  let data: string;
  let files: string;
  let db: Connection;
  let account: RunAccount;

  beforeAll(async () => {
    data = temporaryDirectory();
    files = path.join(temporaryDirectory(), 'captures');
    mkdirSync(files);
    db = await openStore({ directory: data }); // stays up: the commands join it
    for (const [i, name] of ['a', 'b', 'c'].entries())
      writeFileSync(path.join(files, `${name}.pcap`), syns(100, T + i * DAY));
    writeFileSync(path.join(files, 'cut.pcap'), syns(100, T + DAY + 500).subarray(0, -7));
    writeFileSync(path.join(files, 'untimed.pcap'), writePcap([0, T].map((seconds) => ({ seconds, nanos: 0, frame }))));
    const { stdout } = await umbrascope(['ingest', '--data', data, '--json', files, '--darknet', '198.51.100.0/27']);
    account = JSON.parse(stdout) as RunAccount;
  });
  afterAll(() => db.close());

  it('names damaged files', async () => {
    const { stdout, code } = await umbrascope(['status', '--data', data]);
    expect(stdout).toMatch(/files +5, 1 of them damaged\nDAMAGED +\/.*\/cut.pcap: cut short .*, at byte/);
    expect(stdout).toContain('the account balances');
    expect(code).toBe(0);
  });

  it('shows each file, damaged ones first, and adds up to the account of the run', async () => {
    const { stdout, code } = await umbrascope(['status', '--data', data, '--files', '--limit', '2']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /sensor default: 5 files, 1 damaged\n\nfile .*\n─.*\n\S+cut.pcap +99 +\d+ +outsideDarknet \d+ +cut short/,
    );
    expect(stdout).toMatch(/a.pcap +100 +64 +outsideDarknet 36\n… and 3 files more/);
    expect(stdout).toContain('the account of every file balances');
    const all = await umbrascopeJson<FilesStatus>(['status', '--data', data, '--files', '--limit', '1']);
    expect(all.files).toHaveLength(5);
    const sum = (value: (file: FilesStatus['files'][number]) => number) =>
      all.files.reduce((total, file) => total + value(file), 0);
    expect(sum(({ frames }) => frames)).toBe(account.frames);
    expect(sum(({ counted }) => counted)).toBe(account.counted);
    expect(sum(({ fates }) => fates.outsideDarknet ?? 0)).toBe(account.fates.outsideDarknet);
  });

  it('shows each day, and frames without a usable time apart', async () => {
    const { stdout, code } = await umbrascope(['status', '--data', data, '--days', '--limit', '1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /sensor default: 3 days \(UTC\)\n\nday .*\n─.*\nno time +1 +0 +badTime 1\n2020-09-15 +100 +64 +outsideDarknet 36\n… and 2 earlier/,
    );
    expect(stdout).toContain('the account of every day balances');
    const { days } = await umbrascopeJson<DaysStatus>(['status', '--data', data, '--days']);
    expect(days.map(({ day, frames }) => [day, frames])).toEqual([
      [null, 1],
      ['2020-09-13', 101],
      ['2020-09-14', 199],
      ['2020-09-15', 100],
    ]);
  });

  it('is asked for one sensor, one list, in a known way', async () => {
    const both = await umbrascope(['status', '--data', data, '--files', '--days']);
    expect(both).toMatchObject({ code: 2, stderr: 'umbrascope: --files or --days, one of them\n' });
    const unknown = await umbrascope(['status', '--data', data, '--sensor', 'x']);
    expect(unknown).toMatchObject({ code: 2, stderr: 'umbrascope: no sensor is named x; there are default\n' });
  });

  it('says which day and which file do not balance, exit 1', { timeout: 30_000 }, async () => {
    await db.command('INSERT INTO flows SELECT * FROM flows WHERE toDate(hour) = {day:Date} LIMIT 1', {
      day: '2020-09-14',
    });
    const days = await umbrascope(['status', '--data', data, '--days', '--limit', '1']);
    expect(days.code).toBe(1);
    expect(days.stdout).toMatch(/2020-09-14 .* DOES NOT BALANCE: flows hold \d+, the finalised day \d+\n/);
    expect(days.stdout).toContain('THE ACCOUNT DOES NOT BALANCE');
    await db.command(
      `INSERT INTO files SELECT * REPLACE (frames + 1 AS frames, ingested + 1 AS ingested) FROM files FINAL WHERE path LIKE '%b.pcap'`,
    );
    const listed = await umbrascope(['status', '--data', data, '--files', '--limit', '1']);
    expect(listed.code).toBe(1);
    expect(listed.stdout).toMatch(
      /5 files, 1 damaged, 1 do not balance\n\n.*\n.*\n\S+b.pcap +101 .* DOES NOT BALANCE\n/,
    );
  });
});
