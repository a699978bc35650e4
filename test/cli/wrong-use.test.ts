// `umbrascope ingest` where something is wrong: a clear line, the right exit code, and nothing harmed.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { startCommand, temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { keepEngine, ownSensor } from '../setup/kept.ts';
import { syns } from '../setup/scans.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
const january = path.join(samples, '2019-01.pcap.gz');

describe('wrong use and bad input', () => {
  it.concurrent.each([
    { name: 'a missing file', args: ['/nowhere.pcap'], code: 2, says: '/nowhere.pcap: no such file or directory' },
    { name: 'no file', args: [], code: 2, says: "missing required argument 'file'" },
    { name: 'a bad prefix', args: ['x', '--darknet', '10.0.0.0'], code: 2, says: '--darknet 10.0.0.0: not a prefix' },
    { name: 'a bad time zone', args: ['x', '--time-zone', 'Mars/Base'], code: 2, says: 'not a time zone' },
    {
      name: 'a time zone of half hours',
      args: ['x', '--time-zone', 'Asia/Kolkata'],
      code: 2,
      says: 'not whole hours from UTC',
    },
    { name: 'an unknown option', args: ['x', '--quick'], code: 2, says: "unknown option '--quick'" },
    { name: 'rules that are no file', args: ['x', '--rules', '/nowhere.json'], code: 2, says: '--rules /nowhere.json' },
  ])('$name: one clear line, exit $code', async ({ args, code, says }) => {
    const data = path.join(temporaryDirectory(), 'data');
    const outcome = await umbrascope(['ingest', '--data', data, ...args]);
    expect(existsSync(data)).toBe(false);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(says);
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
  });

  it('refuses a named file that is no capture and counts the rest', async () => {
    const sensor = await ownSensor();
    const files = temporaryDirectory();
    writeFileSync(path.join(files, 'good.pcap'), syns(5));
    writeFileSync(path.join(files, 'notes.txt'), 'these are notes\n');
    const named = [path.join(files, 'good.pcap'), path.join(files, 'notes.txt')];
    const { code, stdout } = await umbrascope(['ingest', ...sensor, '--json', ...named]);
    expect(code).toBe(1);
    const account = JSON.parse(stdout) as RunAccount;
    expect(account).toMatchObject({ counted: 5, balanced: true, skipped: [] });
    expect(account.refused).toHaveLength(1);
    expect(account.refused[0]?.damage).toContain('not a capture file');
  });

  it('steps over notes that lie beside captures, but not over captures it cannot read', async () => {
    const sensor = await ownSensor();
    const files = temporaryDirectory();
    writeFileSync(path.join(files, 'good.pcap'), syns(5));
    writeFileSync(path.join(files, 'README'), 'these are notes\n');
    const account = await umbrascopeJson<RunAccount>(['ingest', ...sensor, files]);
    expect(account).toMatchObject({ counted: 5, refused: [] });
    expect(account.skipped.map(({ path: name }) => path.basename(name))).toEqual(['README']);
    writeFileSync(path.join(files, 'old.snoop'), Buffer.from('736e6f6f700000000000000200000004', 'hex'));
    const { code, stdout } = await umbrascope(['ingest', ...sensor, '--json', files]);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as RunAccount).refused[0]?.damage).toContain('a capture of snoop');
  });

  it('changes nothing of a sensor when a file is missing', async () => {
    const data = temporaryDirectory();
    await keepEngine(data);
    const file = path.join(temporaryDirectory(), 'a.pcap');
    writeFileSync(file, syns(5));
    await umbrascopeJson(['ingest', '--data', data, file]);
    const { code } = await umbrascope(['ingest', '--data', data, '/nowhere.pcap', '--survey-ports', '7']);
    expect(code).toBe(2);
    const { sensors } = await umbrascopeJson<{ sensors: { minPorts: number }[] }>(['status', '--data', data]);
    expect(sensors[0]?.minPorts).toBe(30);
  });

  it('keeps the rules a sensor was ingested with, and reclassifies its days with other ones', async () => {
    const sensor = await ownSensor();
    const files = temporaryDirectory();
    const names = ['a.pcap', 'b.pcap'].map((name) => path.join(files, name));
    for (const [i, name] of names.entries()) writeFileSync(name, syns(5, 1_600_000_000 + i * 100_000));
    const rules = path.join(files, 'rules.json');
    const rule = { category: 'mine/telnet', proto: 'tcp', ports: ['20-30'], why: 'a test' };
    writeFileSync(rules, JSON.stringify({ version: 'mine-1', rules: [rule] }));
    const category = async () =>
      (await umbrascopeJson<{ category: string }[]>(['top', 'ports', ...sensor]))[0]?.category;
    await umbrascopeJson(['ingest', ...sensor, names[0] ?? '']);
    expect(await category()).toBe('iot/telnet');
    const reclassified = await umbrascopeJson<RunAccount>(['ingest', ...sensor, names[0] ?? '', '--rules', rules]);
    expect(reclassified).toMatchObject({ frames: 0, days: 1 });
    expect(await category()).toBe('mine/telnet');
    expect(await umbrascopeJson<RunAccount>(['ingest', ...sensor, names[1] ?? ''])).toMatchObject({ days: 1 });
    expect(await category()).toBe('mine/telnet');
    writeFileSync(rules, JSON.stringify({ version: 'mine-1', rules: [{ ...rule, ports: ['23'] }] }));
    const changed = await umbrascope(['ingest', ...sensor, names[0] ?? '', '--rules', rules]);
    expect(changed.code).toBe(2);
    expect(changed.stderr).toContain('other rules are stored as version mine-1');
  });

  it('lets one ingest run at a time, and others read meanwhile', async () => {
    const data = temporaryDirectory();
    const day = telescopeDay(temporaryDirectory(), 1_000_000, 11);
    const first = startCommand(['ingest', '--data', data, '--json', day]);
    while (!existsSync(path.join(data, 'ingest.lock'))) await sleep(20);
    let runs = true;
    const outcome = first.outcome.finally(() => {
      runs = false;
    });
    const second = umbrascope(['ingest', '--data', data, january]);
    let seen = '';
    while (runs && !seen.includes('sensor      default')) seen = (await umbrascope(['status', '--data', data])).stdout;
    expect(runs, seen).toBe(true);
    const { code, stderr } = await second;
    expect(code).toBe(1);
    expect(stderr).toContain('another ingest runs in');
    expect(JSON.parse((await outcome).stdout)).toMatchObject({ counted: 1_000_000, balanced: true });
  });
});
