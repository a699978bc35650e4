// `umbrascope ingest` as users run it: exact, never twice, and clear when something is wrong.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { writePcap } from '../../sample-pcaps/captures.ts';
import { tcpSyn } from '../../sample-pcaps/packets.ts';
import { startCommand, temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { haveShared, sharedFile } from '../setup/shared.ts';
import { storedContents } from '../setup/stored.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
const january = path.join(samples, '2019-01.pcap.gz');

function syns(count: number, first = 1_600_000_000): Buffer {
  return writePcap(
    Array.from({ length: count }, (_, i) => ({
      seconds: first + i,
      nanos: 0,
      frame: tcpSyn({
        srcAddr: '203.0.113.9',
        dstAddr: `198.51.100.${i % 64}`,
        srcPort: 1024 + i,
        dstPort: 23,
        seq: i,
      }),
    })),
  ) as Buffer;
}

describe('ingest', () => {
  it('reads the sample captures where they lie, with the program and notes beside them', async () => {
    const account = await umbrascopeJson<RunAccount>(['ingest', '--data', temporaryDirectory(), samples]);
    expect(account).toMatchObject({ files: 24, refused: [], balanced: true });
    expect(account.skipped.length).toBeGreaterThan(5);
  });

  it('gives every frame one fate, and the account adds up', async () => {
    const data = temporaryDirectory();
    const account = await umbrascopeJson<RunAccount>(['ingest', '--data', data, january]);
    expect(account.frames).toBeGreaterThan(1000);
    expect(account.frames).toBe(account.counted + Object.values(account.fates).reduce((a, b) => a + b, 0));
    expect(account.balanced).toBe(true);
    expect(account).toMatchObject({ files: 1, days: 31, damaged: [], refused: [] });
  });

  it('changes nothing when the same command is run again, or the file comes under another name or compression', async () => {
    const data = temporaryDirectory();
    const files = temporaryDirectory();
    await umbrascopeJson(['ingest', '--data', data, january]);
    const once = await storedContents(data);
    const again = await umbrascopeJson<RunAccount>(['ingest', '--data', data, january]);
    expect(again).toMatchObject({ frames: 0, files: 0, alreadyFiles: 1 });
    cpSync(january, path.join(files, 'renamed.gz'));
    writeFileSync(path.join(files, 'unpacked.pcap'), gunzipSync(readFileSync(january)));
    const renamed = await umbrascopeJson<RunAccount>(['ingest', '--data', data, files]);
    expect(renamed).toMatchObject({ frames: 0, counted: 0, files: 2, days: 0, balanced: true });
    expect(renamed.alreadyFrames).toBeGreaterThan(2000);
    expect(await storedContents(data)).toEqual(once);
  });

  it('counts two copies in one run once', async () => {
    const data = temporaryDirectory();
    const files = temporaryDirectory();
    for (const name of ['a', 'b', 'c']) writeFileSync(path.join(files, name), syns(500));
    const account = await umbrascopeJson<RunAccount>(['ingest', '--data', data, files]);
    expect(account).toMatchObject({ frames: 500, counted: 500, alreadyFrames: 1000, balanced: true });
  });

  it('takes a growing file up to where it stands and continues later', async () => {
    const data = temporaryDirectory();
    const file = path.join(temporaryDirectory(), 'growing.pcap');
    const whole = syns(1000);
    const record =
      16 + tcpSyn({ srcAddr: '203.0.113.9', dstAddr: '198.51.100.1', srcPort: 1, dstPort: 23, seq: 0 }).length;
    writeFileSync(file, whole.subarray(0, 24 + 300 * record + 20)); // within the 301st record
    const first = await umbrascope(['ingest', '--data', data, '--json', file]);
    expect(first.code).toBe(1);
    expect(JSON.parse(first.stdout)).toMatchObject({ frames: 300, balanced: true });
    expect(first.stdout).toContain(`in the middle of a record, at byte ${24 + 300 * record}`);
    writeFileSync(file, whole);
    expect(await umbrascopeJson<RunAccount>(['ingest', '--data', data, file])).toMatchObject({
      frames: 700,
      alreadyFrames: 300,
      balanced: true,
    });
    const [top] = await umbrascopeJson<{ packets: number }[]>(['top', 'ports', '--data', data]);
    expect(top?.packets).toBe(1000);
  });

  it('reads standard input, gzip in it too', async () => {
    const data = temporaryDirectory();
    const input = syns(200);
    expect(await umbrascopeJson<RunAccount>(['ingest', '--data', data, '-'], input)).toMatchObject({ counted: 200 });
    expect(await umbrascopeJson<RunAccount>(['ingest', '--data', data, '-'], gzipSync(input))).toMatchObject({
      counted: 0,
      alreadyFrames: 200,
    });
  });

  it('finds captures in directories and globs by their bytes, whatever their names', async () => {
    const data = temporaryDirectory();
    const files = temporaryDirectory();
    mkdirSync(path.join(files, 'deep/er'), { recursive: true });
    writeFileSync(path.join(files, 'deep/er/no-ending'), syns(10));
    writeFileSync(path.join(files, 'x.txt'), gzipSync(syns(10, 1_600_100_000)));
    expect(await umbrascopeJson<RunAccount>(['ingest', '--data', data, `${files}/**/*`])).toMatchObject({
      files: 2,
      counted: 20,
    });
  });

  it('puts packets outside the darknet and without a sensible time under fates of their own', async () => {
    const data = temporaryDirectory();
    const file = path.join(temporaryDirectory(), 'mixed.pcap');
    const frame = (dstAddr: string) => tcpSyn({ srcAddr: '203.0.113.9', dstAddr, srcPort: 9, dstPort: 23, seq: 7 });
    const packets = [
      { seconds: 1_600_000_000, nanos: 0, frame: frame('198.51.100.7') },
      { seconds: 1_600_000_000, nanos: 0, frame: frame('192.0.2.1') },
      { seconds: 0, nanos: 5, frame: frame('198.51.100.7') },
      { seconds: 4_200_000_000, nanos: 0, frame: frame('198.51.100.7') },
    ];
    writeFileSync(file, writePcap(packets));
    const account = await umbrascopeJson<RunAccount>(['ingest', '--data', data, file, '--darknet', '198.51.100.0/26']);
    expect(account).toMatchObject({ frames: 4, counted: 1, fates: { outsideDarknet: 1, badTime: 2 }, balanced: true });
  });

  it('takes files before or behind the prefixes of the darknet', async () => {
    const file = path.join(temporaryDirectory(), 'a.pcap');
    writeFileSync(file, syns(64));
    for (const args of [
      ['--darknet', '198.51.100.0/27', '198.51.100.32/28', file],
      [file, '--darknet', '198.51.100.0/27', '198.51.100.32/28'],
      ['--darknet', '198.51.100.0/27', '--darknet', '198.51.100.32/28', '--sensor', 'x', file],
    ]) {
      const account = await umbrascopeJson<RunAccount>(['ingest', '--data', temporaryDirectory(), ...args]);
      expect(account).toMatchObject({ frames: 64, counted: 48, fates: { outsideDarknet: 16 } });
    }
  });

  it.runIf(haveShared)('finds 31,933 packets to tcp/23 from one source in a real scan', async () => {
    const data = temporaryDirectory();
    await umbrascopeJson(['ingest', '--data', data, sharedFile('initconf_scan-NG/23-tcp-scan.pcap')]);
    expect(await umbrascopeJson(['top', 'ports', '--data', data])).toMatchObject([
      { proto: 'tcp', dstPort: 23, category: 'iot/telnet', packets: 31_933, sources: 1 },
    ]);
  });

  it.runIf(haveShared)('names Mirai where its mark is', async () => {
    const data = temporaryDirectory();
    await umbrascopeJson(['ingest', '--data', data, sharedFile('derived/lbl-mirai23-A.pcap')]);
    expect(await umbrascopeJson(['top', 'tools', '--data', data])).toContainEqual(
      expect.objectContaining({ tool: 'mirai', packets: 390 }),
    );
  });
});

describe('wrong use and bad input', () => {
  it.each([
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
    const outcome = await umbrascope(['ingest', '--data', temporaryDirectory(), ...args]);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(says);
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
  });

  it('refuses a named file that is no capture and counts the rest', async () => {
    const data = temporaryDirectory();
    const files = temporaryDirectory();
    writeFileSync(path.join(files, 'good.pcap'), syns(5));
    writeFileSync(path.join(files, 'notes.txt'), 'these are notes\n');
    const named = [path.join(files, 'good.pcap'), path.join(files, 'notes.txt')];
    const { code, stdout } = await umbrascope(['ingest', '--data', data, '--json', ...named]);
    expect(code).toBe(1);
    const account = JSON.parse(stdout) as RunAccount;
    expect(account).toMatchObject({ counted: 5, balanced: true, skipped: [] });
    expect(account.refused).toHaveLength(1);
    expect(account.refused[0]?.damage).toContain('not a capture file');
  });

  it('steps over notes that lie beside captures, but not over captures it cannot read', async () => {
    const data = temporaryDirectory();
    const files = temporaryDirectory();
    writeFileSync(path.join(files, 'good.pcap'), syns(5));
    writeFileSync(path.join(files, 'README'), 'these are notes\n');
    const account = await umbrascopeJson<RunAccount>(['ingest', '--data', data, files]);
    expect(account).toMatchObject({ counted: 5, refused: [] });
    expect(account.skipped.map(({ path: name }) => path.basename(name))).toEqual(['README']);
    writeFileSync(path.join(files, 'packed.zst'), Buffer.from('28b52ffd00', 'hex'));
    const { code, stdout } = await umbrascope(['ingest', '--data', data, '--json', files]);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as RunAccount).refused[0]?.damage).toContain('zstd-compressed');
  });

  it('changes nothing of a sensor when a file is missing', async () => {
    const data = temporaryDirectory();
    const file = path.join(temporaryDirectory(), 'a.pcap');
    writeFileSync(file, syns(5));
    await umbrascopeJson(['ingest', '--data', data, file]);
    const { code } = await umbrascope(['ingest', '--data', data, '/nowhere.pcap', '--survey-ports', '7']);
    expect(code).toBe(2);
    const { sensors } = await umbrascopeJson<{ sensors: { minPorts: number }[] }>(['status', '--data', data]);
    expect(sensors[0]?.minPorts).toBe(30);
  });

  it('keeps the rules a sensor was ingested with, and reclassifies its days with other ones', async () => {
    const data = temporaryDirectory();
    const files = temporaryDirectory();
    const names = ['a.pcap', 'b.pcap'].map((name) => path.join(files, name));
    for (const [i, name] of names.entries()) writeFileSync(name, syns(5, 1_600_000_000 + i * 100_000));
    const rules = path.join(files, 'rules.json');
    const rule = { category: 'mine/telnet', proto: 'tcp', ports: ['20-30'], why: 'a test' };
    writeFileSync(rules, JSON.stringify({ version: 'mine-1', rules: [rule] }));
    const category = async () =>
      (await umbrascopeJson<{ category: string }[]>(['top', 'ports', '--data', data]))[0]?.category;
    await umbrascopeJson(['ingest', '--data', data, names[0] ?? '']);
    expect(await category()).toBe('iot/telnet');
    const reclassified = await umbrascopeJson<RunAccount>(['ingest', '--data', data, names[0] ?? '', '--rules', rules]);
    expect(reclassified).toMatchObject({ frames: 0, days: 1 });
    expect(await category()).toBe('mine/telnet');
    expect(await umbrascopeJson<RunAccount>(['ingest', '--data', data, names[1] ?? ''])).toMatchObject({ days: 1 });
    expect(await category()).toBe('mine/telnet');
    writeFileSync(rules, JSON.stringify({ version: 'mine-1', rules: [{ ...rule, ports: ['23'] }] }));
    const changed = await umbrascope(['ingest', '--data', data, names[0] ?? '', '--rules', rules]);
    expect(changed.code).toBe(2);
    expect(changed.stderr).toContain('other rules are stored as version mine-1');
  });

  it('lets one ingest run at a time, and others read meanwhile', async () => {
    const data = temporaryDirectory();
    const day = telescopeDay(temporaryDirectory(), 1_000_000, 11);
    const first = startCommand(['ingest', '--data', data, '--json', day]);
    while (!existsSync(path.join(data, 'ingest.lock'))) await sleep(20);
    await sleep(300);
    const [second, status] = await Promise.all([
      umbrascope(['ingest', '--data', data, january]),
      umbrascope(['status', '--data', data]),
    ]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('another ingest runs in');
    expect(status.stdout).toContain('sensor      default');
    expect(JSON.parse((await first.outcome).stdout)).toMatchObject({ counted: 1_000_000, balanced: true });
  });
});
