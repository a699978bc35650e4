// `umbrascope ingest` as users run it: exact, never twice, and clear when something is wrong.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { writePcap } from '../../sample-pcaps/captures.ts';
import { tcpSyn } from '../../sample-pcaps/packets.ts';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { capture, everyCompression } from '../setup/compressing.ts';
import { ownSensor, sharedData } from '../setup/kept.ts';
import { syns } from '../setup/scans.ts';
import { haveShared, sharedFile } from '../setup/shared.ts';
import { storedContents } from '../setup/stored.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
const january = path.join(samples, '2019-01.pcap.gz');

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

  it('names the number of a link type that is not decoded', async () => {
    const file = path.join(temporaryDirectory(), 'odd.pcap');
    const capture = syns(7);
    capture[20] = 147; // LINKTYPE_USER0, in the file header
    writeFileSync(file, capture);
    const sensor = await ownSensor();
    const { code, stdout } = await umbrascope(['ingest', ...sensor, file]);
    expect(code).toBe(0);
    expect(stdout).toContain('+ unsupportedLink  7\n  of link type 147  7\n');
    const json = await umbrascopeJson<RunAccount>(['ingest', ...(await ownSensor()), file]);
    expect(json).toMatchObject({ counted: 0, fates: { unsupportedLink: 7 }, unsupportedLinks: { 147: 7 } });
  });

  it('changes nothing when the same command is run again, or the file comes under another name or compression', async () => {
    const sensor = await ownSensor();
    const files = temporaryDirectory();
    await umbrascopeJson(['ingest', ...sensor, january]);
    const once = await storedContents(await sharedData());
    const again = await umbrascopeJson<RunAccount>(['ingest', ...sensor, january]);
    expect(again).toMatchObject({ frames: 0, files: 0, alreadyFiles: 1 });
    cpSync(january, path.join(files, 'renamed.gz'));
    writeFileSync(path.join(files, 'unpacked.pcap'), gunzipSync(readFileSync(january)));
    const renamed = await umbrascopeJson<RunAccount>(['ingest', ...sensor, files]);
    expect(renamed).toMatchObject({ frames: 0, counted: 0, files: 2, days: 0, balanced: true });
    expect(renamed.alreadyFrames).toBeGreaterThan(2000);
    expect(await storedContents(await sharedData())).toEqual(once);
  });

  it('counts two copies in one run once', async () => {
    const sensor = await ownSensor();
    const files = temporaryDirectory();
    for (const name of ['a', 'b', 'c']) writeFileSync(path.join(files, name), syns(500));
    const account = await umbrascopeJson<RunAccount>(['ingest', ...sensor, files]);
    expect(account).toMatchObject({ frames: 500, counted: 500, alreadyFrames: 1000, balanced: true });
  });

  it('counts what a file and a longer copy of it have in common once, in one run, too', async () => {
    const sensor = await ownSensor();
    const files = temporaryDirectory();
    for (const frames of [500, 700, 900]) writeFileSync(path.join(files, `first-${frames}`), syns(frames));
    const account = await umbrascopeJson<RunAccount>(['ingest', ...sensor, '--workers', '1', files]);
    expect(account).toMatchObject({ frames: 900, counted: 900, alreadyFrames: 1200, balanced: true });
  });

  it('counts a shorter copy of what is in not again, whether it comes in the same run or later', async () => {
    const sensor = await ownSensor();
    const files = temporaryDirectory();
    const [longer, shorter, other] = ['longer.gz', 'shorter', 'other'].map((name) => path.join(files, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(longer, gzipSync(syns(900)));
    writeFileSync(shorter, syns(500));
    const both = await umbrascopeJson<RunAccount>(['ingest', ...sensor, '--workers', '1', longer, shorter]);
    expect(both).toMatchObject({ frames: 900, counted: 900, alreadyFrames: 500, balanced: true });
    const once = await storedContents(await sharedData());
    writeFileSync(shorter, syns(300));
    const later = await umbrascopeJson<RunAccount>(['ingest', ...sensor, shorter]);
    expect(later).toMatchObject({ frames: 0, files: 1, alreadyFrames: 300, balanced: true });
    expect(await storedContents(await sharedData())).toEqual(once);
    expect((await umbrascope(['verify', ...sensor, longer, shorter])).code).toBe(0);
    // It begins as the longer one does, and goes on otherwise: that is new.
    const changed = syns(300);
    changed[changed.length - 1] = 1 ^ (changed[changed.length - 1] as number);
    writeFileSync(other, changed);
    expect(await umbrascopeJson<RunAccount>(['ingest', ...sensor, other])).toMatchObject({ frames: 300 });
  });

  it('takes a growing file up to where it stands and continues later', async () => {
    const sensor = await ownSensor();
    const file = path.join(temporaryDirectory(), 'growing.pcap');
    const whole = syns(1000);
    const record =
      16 + tcpSyn({ srcAddr: '203.0.113.9', dstAddr: '198.51.100.1', srcPort: 1, dstPort: 23, seq: 0 }).length;
    writeFileSync(file, whole.subarray(0, 24 + 300 * record + 20)); // within the 301st record
    const first = await umbrascope(['ingest', ...sensor, '--json', file]);
    expect(first.code).toBe(1);
    expect(JSON.parse(first.stdout)).toMatchObject({ frames: 300, balanced: true });
    expect(first.stdout).toContain(`in the middle of a record, at byte ${24 + 300 * record}`);
    writeFileSync(file, whole);
    expect(await umbrascopeJson<RunAccount>(['ingest', ...sensor, file])).toMatchObject({
      frames: 700,
      alreadyFrames: 300,
      balanced: true,
    });
    const [top] = await umbrascopeJson<{ packets: number }[]>(['top', 'ports', ...sensor]);
    expect(top?.packets).toBe(1000);
  });

  it('reads standard input, gzip in it too', async () => {
    const sensor = await ownSensor();
    const input = syns(200);
    expect(await umbrascopeJson<RunAccount>(['ingest', ...sensor, '-'], input)).toMatchObject({ counted: 200 });
    expect(await umbrascopeJson<RunAccount>(['ingest', ...sensor, '-'], gzipSync(input))).toMatchObject({
      counted: 0,
      alreadyFrames: 200,
    });
  });

  it('knows a capture again whatever it is compressed with, from a file and from standard input', async () => {
    const sensor = await ownSensor();
    const files = temporaryDirectory();
    const compressions = await everyCompression();
    writeFileSync(path.join(files, 'x.pcap'), capture);
    for (const { name, whole } of compressions) writeFileSync(path.join(files, `x.pcap.${name}`), whole);
    const first = await umbrascopeJson<RunAccount>(['ingest', ...sensor, path.join(files, 'x.pcap')]);
    expect(first).toMatchObject({ counted: 2000, balanced: true });
    expect(await umbrascopeJson<RunAccount>(['ingest', ...sensor, files])).toMatchObject({
      files: compressions.length,
      counted: 0,
      damaged: [],
      refused: [],
    });
    const twoOf = (wanted: string) => compressions.find(({ name }) => name === wanted)!.two;
    for (const two of [twoOf('zstd'), gzipSync(twoOf('xz'))]) {
      expect(await umbrascopeJson<RunAccount>(['ingest', ...sensor, '-'], two)).toMatchObject({
        counted: 0,
        alreadyFrames: 2000,
        balanced: true,
      });
    }
  });

  it('counts what is there of a compressed file that was cut, says so, and adds the rest when it is whole', async () => {
    const sensor = await ownSensor();
    const files = temporaryDirectory();
    const file = path.join(files, 'day.pcap.bz2');
    const { whole } = (await everyCompression()).find(({ name }) => name === 'bzip2')!;
    writeFileSync(file, whole.subarray(0, whole.length - 100));
    const cut = await umbrascope(['ingest', ...sensor, file, '--json']);
    const account = JSON.parse(cut.stdout) as RunAccount;
    expect([cut.code, account.balanced, account.damaged]).toEqual([
      1,
      true,
      [
        {
          path: file,
          damage: expect.stringMatching(/^bzip2: unexpected end of file, after byte \d+ of/),
          unfinished: true,
        },
      ],
    ]);
    expect(account.counted).toBeGreaterThan(1000);
    writeFileSync(file, whole);
    expect(await umbrascopeJson<RunAccount>(['ingest', ...sensor, file])).toMatchObject({
      counted: 2000 - account.counted,
      alreadyFrames: account.counted,
      balanced: true,
    });
  });

  it('finds captures in directories and globs by their bytes, whatever their names', async () => {
    const sensor = await ownSensor();
    const files = temporaryDirectory();
    mkdirSync(path.join(files, 'deep/er'), { recursive: true });
    writeFileSync(path.join(files, 'deep/er/no-ending'), syns(10));
    writeFileSync(path.join(files, 'x.txt'), gzipSync(syns(10, 1_600_100_000)));
    expect(await umbrascopeJson<RunAccount>(['ingest', ...sensor, `${files}/**/*`])).toMatchObject({
      files: 2,
      counted: 20,
    });
  });

  it('puts packets outside the darknet and without a sensible time under fates of their own', async () => {
    const sensor = await ownSensor();
    const file = path.join(temporaryDirectory(), 'mixed.pcap');
    const frame = (dstAddr: string) => tcpSyn({ srcAddr: '203.0.113.9', dstAddr, srcPort: 9, dstPort: 23, seq: 7 });
    const packets = [
      { seconds: 1_600_000_000, nanos: 0, frame: frame('198.51.100.7') },
      { seconds: 1_600_000_000, nanos: 0, frame: frame('192.0.2.1') },
      { seconds: 0, nanos: 5, frame: frame('198.51.100.7') },
      { seconds: 4_200_000_000, nanos: 0, frame: frame('198.51.100.7') },
    ];
    writeFileSync(file, writePcap(packets));
    const account = await umbrascopeJson<RunAccount>(['ingest', ...sensor, file, '--darknet', '198.51.100.0/26']);
    expect(account).toMatchObject({ frames: 4, counted: 1, fates: { outsideDarknet: 1, badTime: 2 }, balanced: true });
  });

  it('takes packets of any time that is accepted: 130 years in one file', async () => {
    const data = temporaryDirectory();
    const file = path.join(temporaryDirectory(), 'years.pcap');
    const frame = tcpSyn({ srcAddr: '203.0.113.9', dstAddr: '198.51.100.7', srcPort: 9, dstPort: 23, seq: 7 });
    const packets = Array.from({ length: 136 }, (_, i) => ({
      seconds: Date.UTC(1970 + ((i * 7) % 136), 3, 15) / 1000,
      nanos: 0,
      frame,
    }));
    writeFileSync(file, writePcap(packets));
    const account = await umbrascopeJson<RunAccount>(['ingest', '--data', data, file]);
    expect(account).toMatchObject({ frames: 136, counted: 130, fates: { badTime: 6 }, days: 130, balanced: true });
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
    const sensor = await ownSensor();
    await umbrascopeJson(['ingest', ...sensor, sharedFile('initconf_scan-NG/23-tcp-scan.pcap')]);
    expect(await umbrascopeJson(['top', 'ports', ...sensor])).toMatchObject([
      { proto: 'tcp', dstPort: 23, category: 'iot/telnet', packets: 31_933, sources: 1 },
    ]);
  });

  it.runIf(haveShared)('names Mirai where its mark is', async () => {
    const sensor = await ownSensor();
    await umbrascopeJson(['ingest', ...sensor, sharedFile('derived/lbl-mirai23-A.pcap')]);
    expect(await umbrascopeJson(['top', 'tools', ...sensor])).toContainEqual(
      expect.objectContaining({ tool: 'mirai', packets: 390 }),
    );
  });
});
