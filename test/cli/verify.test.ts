// `umbrascope verify`: what is stored is what the captures hold, or the first difference is named. The database stays as it is.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { IngestOptions } from '../../cli/ingest.ts';
import { ingestDefaults, ingestInto } from '../../dist/cli/ingest.js';
import { verify } from '../../dist/cli/verify.js';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { startCommand, temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';
import { storedContents } from '../setup/stored.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
const january = path.join(samples, '2019-01.pcap.gz');
const T = 1_600_000_000;
const HOUR = 3600;
const RECORD_BYTES = (syns(1).length - 24) as number;

const opened: Connection[] = [];
afterEach(async () => {
  for (const db of opened.splice(0)) await db.close();
});

/** A data directory whose engine stays up for the test: commands and calls join it. */
async function store() {
  const data = temporaryDirectory();
  const db = await openStore({ directory: data });
  opened.push(db);
  const ingest = (names: string[], options: Partial<IngestOptions> = {}) =>
    ingestInto(db, names, { ...ingestDefaults(), data, watch: false, ...options });
  const found = (...names: string[]) => verify(db, names, { data, sensor: 'default', workers: 1 });
  return { data, db, ingest, found };
}

describe('verify', () => {
  it('finds a real month equal, hour by hour, and changes nothing', async () => {
    const data = temporaryDirectory();
    await umbrascopeJson([
      'ingest',
      '--data',
      data,
      january,
      '--time-zone',
      'Asia/Tokyo',
      '--darknet',
      '198.51.100.0/26',
    ]);
    const before = await storedContents(data);
    const { code, stdout } = await umbrascope(['verify', '--data', data, january]);
    expect(stdout).toMatch(/hours +7\d\d compared exactly\ndays +3[12] compared exactly\nequal: /);
    expect(code).toBe(0);
    expect(await storedContents(data)).toEqual(before);
    expect(existsSync(path.join(data, 'recount'))).toBe(false);
  });

  it('names the table, the key, and both values of the first row that differs', async () => {
    const { data, db, ingest, found } = await store();
    const file = path.join(temporaryDirectory(), 'a.pcap');
    writeFileSync(file, syns(3 * HOUR, T));
    await ingest([file]);
    const more = (table: string, replaced: string, where = '1') =>
      `INSERT INTO ${table} SELECT * REPLACE (${replaced}) FROM ${table} WHERE ${where} LIMIT 1`;
    const dark = more('darkDays', '1 AS packets', "dstAddr = '::ffff:198.51.100.63'");
    const flow = more('flows', "1 AS packets, 0 AS bytes, '2001:db8::1' AS srcAddr");
    // In the reverse order of the tables: each is found before those altered earlier.
    const steps: [string, string, Record<string, unknown>][] = [
      ['portDays', 'DELETE FROM portDays WHERE 1', { stored: null, key: { kind: 'scan', proto: 6, dstPort: 23 } }],
      ['darkDays', dark, { key: { kind: 'scan', dstAddr: '198.51.100.63' } }],
      ['flows', flow, { key: { srcAddr: '2001:db8::1', dstPort: 23 }, stored: 1, counted: null }],
      ['coverage', more('coverage', 'bitNot(heardMinutes) AS heardMinutes'), { column: 'heardMinutes' }],
      ['fateHours', more('fateHours', "'notIp' AS fate, 1 AS frames"), { key: { fate: 'notIp' }, at: 444_444 }],
    ];
    for (const [table, statement, expected] of steps) {
      await db.command(statement);
      const { equal, difference } = await found(file);
      expect(equal).toBe(false);
      expect(difference, table).toMatchObject({ table, shared: false, ...expected, files: [{ file }] });
    }
    const { stdout, code } = await umbrascope(['verify', '--data', data, file]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `DIFFERENT   fateHours, hour 2020-09-13T12:00Z, fate notIp\n            frames: stored 1, counted nothing\n            from ${file}, bytes 24–`,
    );
    await db.command('ALTER TABLE ledger UPDATE counted = counted + 1 WHERE 1 SETTINGS mutations_sync = 1');
    const { difference } = await found(file);
    expect(difference).toMatchObject({ table: 'ledger', file, what: 'counted', stored: 3 * HOUR + 1 });
  });

  it('compares hours that other captures share as a lower bound, and says how many', async () => {
    const { db, ingest, found } = await store();
    const files = temporaryDirectory();
    const [one, other] = ['one', 'other'].map((name) => path.join(files, name)) as [string, string];
    writeFileSync(one, syns(2 * HOUR, 444_444 * HOUR)); // two hours
    writeFileSync(other, syns(2 * HOUR, 444_445 * HOUR)); // the second of them, and one more
    await ingest([files]);
    expect(await found(files)).toMatchObject({ equal: true, hours: { exact: 3, lowerBound: 0 }, days: { exact: 1 } });
    const alone = { hours: { exact: 1, lowerBound: 1 }, days: { exact: 0, lowerBound: 1 } };
    expect(await found(one)).toMatchObject({ equal: true, ...alone });
    const hour = 'toDateTime(444445 * 3600)';
    await db.command(
      `INSERT INTO minutes SELECT * REPLACE (1 AS packets) FROM minutes WHERE minute >= ${hour} LIMIT 1`,
    );
    expect(await found(one)).toMatchObject({ equal: true });
    await db.command(`DELETE FROM minutes WHERE minute = ${hour} + 60`);
    const { difference } = await found(one);
    expect(difference).toMatchObject({ table: 'minutes', shared: true, stored: null, counted: 60 });
  });

  it('recounts each unit with the rules, prefixes and limits it was counted with', async () => {
    const { ingest, found } = await store();
    const files = temporaryDirectory();
    const rules = path.join(temporaryDirectory(), 'rules.json');
    const rule = { category: 'mine/telnet', proto: 'tcp', ports: ['20-30'], why: 'a test' };
    writeFileSync(rules, JSON.stringify({ version: 'mine-1', rules: [rule] }));
    const runs: Partial<IngestOptions>[] = [
      { darknet: ['198.51.100.0/27'] },
      { darknet: ['198.51.100.0/26'], rules },
      { latest: T + 200_300 },
    ];
    for (const [i, options] of runs.entries()) {
      const file = path.join(files, `${i}.pcap`);
      writeFileSync(file, syns(500, T + i * 100_000));
      await ingest([file], options);
    }
    const fates = { outsideDarknet: 244, badTime: 200 };
    expect(await found(files)).toMatchObject({ equal: true, frames: 1500, counted: 1056, fates });
  });

  it('knows a file by its content, and sees one that was changed, cut, grown or never ingested', async () => {
    const { ingest, found } = await store();
    const files = temporaryDirectory();
    const [file, packed] = ['a.pcap', 'b.gz'].map((name) => path.join(files, name)) as [string, string];
    const whole = syns(1000);
    const frames = (count: number) => whole.subarray(0, 24 + count * RECORD_BYTES);
    writeFileSync(file, frames(997));
    await ingest([file]);
    writeFileSync(packed, gzipSync(readFileSync(file)));
    expect(await found(file, packed)).toMatchObject({ equal: true, frames: 997, units: 1, files: 2 });
    rmSync(file);
    expect(await found(packed)).toMatchObject({ equal: true, frames: 997 });
    const changed = Buffer.from(frames(997));
    changed[RECORD_BYTES * 40] = 99;
    const expectations: [string, Buffer, Record<string, unknown>][] = [
      ['grown', whole, { what: 'was not ingested', counted: { frames: 3 } }],
      ['cut', frames(990), { what: 'was ingested with other bytes' }],
      ['changed', changed, { what: 'was ingested with other bytes', bytes: [24, changed.length] }],
      [
        'new',
        syns(10, T + 100 * HOUR),
        { what: 'was not ingested', bytes: [24, 24 + 10 * RECORD_BYTES], stored: null },
      ],
    ];
    for (const [name, bytes, difference] of expectations) {
      writeFileSync(file, bytes);
      expect(await found(file), name).toMatchObject({
        equal: false,
        difference: { table: 'ledger', file, ...difference },
      });
    }
  });

  it('sees that a whole unit at the end of a file is gone', async () => {
    const { ingest, found } = await store();
    const file = path.join(temporaryDirectory(), 'a.pcap');
    const whole = syns(200_000); // two units
    writeFileSync(file, whole);
    await ingest([file]);
    expect(await found(file)).toMatchObject({ equal: true, units: 2, frames: 200_000 });
    const second = 24 + Math.ceil(((1 << 23) - 24) / RECORD_BYTES) * RECORD_BYTES;
    writeFileSync(file, whole.subarray(0, second));
    const difference = { table: 'ledger', bytes: [second, whole.length], what: 'is no longer in the file' };
    expect(await found(file)).toMatchObject({ equal: false, difference });
  });

  it('is used wrongly with one clear line, exit 2; a file that cannot be read is not verified, exit 1', async () => {
    const file = path.join(temporaryDirectory(), 'a.pcap');
    writeFileSync(file, syns(10));
    const empty = temporaryDirectory();
    const nothing = await umbrascope(['verify', '--data', empty, file]);
    expect(nothing).toMatchObject({ code: 2, stderr: `umbrascope: nothing was ever ingested into ${empty}\n` });
    expect(readdirSync(empty)).toEqual([]);
    const { data, ingest } = await store();
    await ingest([file]);
    for (const [args, says] of [
      [[], "missing required argument 'file'"],
      [['/nowhere.pcap'], '/nowhere.pcap: no such file or directory'],
      [[file, '--sensor', 'x'], 'no sensor is named x; there are default'],
    ] as const) {
      const { code, stderr } = await umbrascope(['verify', '--data', data, ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain(says);
    }
    const notes = path.join(temporaryDirectory(), 'notes.txt');
    writeFileSync(notes, 'these are notes\n');
    const { code, stdout } = await umbrascope(['verify', '--data', data, file, notes]);
    expect(code).toBe(1);
    expect(stdout).toContain(`NOT READ    ${notes}: `);
    expect(stdout).toContain('NOT VERIFIED');
  });

  it('is not misled by an ingest that runs, nor by one that was killed', async () => {
    const { data, ingest, found } = await store();
    const files = temporaryDirectory();
    const a = path.join(files, 'a.pcap');
    writeFileSync(a, syns(1000));
    await ingest([files]);
    const { child, outcome } = startCommand(['ingest', '--watch', '--every', '0.1', '--data', data, files]);
    writeFileSync(path.join(files, 'b.pcap'), syns(150_000, T + 500));
    expect(await found(a)).toMatchObject({ equal: true });
    child.kill('SIGTERM');
    await outcome;
    writeFileSync(path.join(data, 'spool', 'a'.repeat(32)), '');
    await expect(found(a)).rejects.toThrow('an ingest that was killed wait in the spool');
  });

  it('has a connection that the database itself holds to reading', async () => {
    const { data } = await store();
    const db = await openStore({ directory: data, readOnly: true });
    opened.push(db);
    await expect(db.command('INSERT INTO schema SELECT 7')).rejects.toThrow('readonly');
  });
});
