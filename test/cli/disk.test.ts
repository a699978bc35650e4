// Disks that are full, read-only or not ours: one clear line, exit 1, nothing harmed; with room again the same command completes.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import type { Outcome } from '../../bench/soak/command.ts';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { canMount, smallDisk } from '../setup/disk.ts';
import { syns } from '../setup/scans.ts';
import { storedContents } from '../setup/stored.ts';

const FULL = 'is full: make room, then give the same command again; it goes on where it stood\n';

function expectOneLine({ code, stdout, stderr }: Outcome): void {
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^umbrascope: [^\n]+\n$/);
  expect(code).toBe(1);
}

describe.runIf(canMount)('a disk', () => {
  const ingest = (data: string, capture: string) => ['ingest', '--data', data, '--darknet', '198.18.0.0/20', capture];

  it('that is full, the spool’s or the database’s, is named; with room again the totals are exact', async () => {
    const capture = telescopeDay(temporaryDirectory(), 150_000, 7);
    const expected = temporaryDirectory();
    await umbrascopeJson(ingest(expected, capture));
    const data = temporaryDirectory();
    const spool = smallDisk(path.join(data, 'spool'), 1);
    const engine = smallDisk(path.join(data, 'engine'), 1);
    const noStart = await umbrascope(ingest(data, capture));
    expectOneLine(noStart);
    engine.resize(3);
    const noSpool = await umbrascope(ingest(data, capture));
    expectOneLine(noSpool);
    expect(noSpool.stderr).toBe(`umbrascope: the disk of ${path.join(data, 'spool')} ${FULL}`);
    expect(readdirSync(path.join(data, 'spool'))).toEqual([]);
    spool.resize(64);
    engine.resize(64);
    for (const kilobytes of [64, 256]) {
      engine.leave(kilobytes * 1024);
      const noInsert = await umbrascope(ingest(data, capture));
      expectOneLine(noInsert);
      expect(noInsert.stderr).toBe(`umbrascope: the disk of the database in ${data} ${FULL}`);
    }
    engine.leave(60_000_000);
    await umbrascopeJson(ingest(data, capture));
    expect(await storedContents(data)).toEqual(await storedContents(expected));
    expect(readdirSync(path.join(data, 'spool'))).toEqual([]);
  });

  it('that is read-only is named by every command, and what lies on it is as it was', async () => {
    const data = path.join(temporaryDirectory(), 'disk');
    const file = path.join(temporaryDirectory(), 'a.pcap');
    writeFileSync(file, syns(100));
    const disk = smallDisk(data, 32);
    await umbrascopeJson(['ingest', '--data', data, file]);
    await disk.readOnly();
    for (const args of [['ingest', file], ['verify', file], ['status'], ['top', 'ports']]) {
      const outcome = await umbrascope([...args, '--data', data]);
      expectOneLine(outcome);
      expect(outcome.stderr).toContain(`${data} lies on a read-only disk`);
    }
  });
});

describe('a data directory', () => {
  it.runIf(process.getuid?.() === 0)('of somebody else is left alone', () => {
    const data = temporaryDirectory();
    chmodSync(data, 0o700);
    const program = path.resolve(import.meta.dirname, '../../dist/program/main.js');
    // as nobody, who may read the program
    const { status, stderr } = spawnSync(process.execPath, [program, 'status', '--data', path.join(data, 'inside')], {
      uid: 65_534,
      gid: 65_534,
      cwd: '/',
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^umbrascope: no right to write [^\n]+\n$/);
    expect(status).toBe(1);
  });

  it('that is a file, or lies where none can be made, is refused', async () => {
    const file = path.join(temporaryDirectory(), 'a.pcap');
    writeFileSync(file, syns(1));
    for (const data of [file, path.join(file, 'below'), '/dev/null', '/proc/umbrascope']) {
      const outcome = await umbrascope(['ingest', '--data', data, file]);
      expectOneLine(outcome);
      expect(outcome.stderr).toContain(data);
    }
    expect(existsSync('/proc/umbrascope')).toBe(false);
  });
});
