// Kinds of pcap beside the usual one: longer record headers that no magic number tells of, Ixia's, AIX's, DG/UX's; and header fields
// that must change nothing.
import { describe, expect, test } from 'vitest';
import { MAX_FRAME } from '../../collector/formats/frames.ts';
import { arp, icmp, tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { framesOf, unitsOf } from '../setup/cutting.ts';
import {
  linuxMore,
  nokiaMore,
  type PcapFields,
  type PcapRecord,
  pcapFile,
  pcapMagics,
  suseMore,
} from '../setup/pcap.ts';
import { haveShared, sharedFile } from '../setup/shared.ts';
import { memorySource } from '../setup/streams.ts';
import { countFile } from '../setup/truth.ts';

const frames = [tcpSyn({ dstPort: 23 }), udp({ payload: new Uint8Array(3) }), arp(), icmp(), tcpSyn({ dstPort: 445 })];
const records: PcapRecord[] = frames.map((frame, number) => ({ frame, wireLength: frame.length + 700 * number }));
const expected = frames.map((bytes, number) => {
  return { seconds: 1_577_836_800 + number, wireLength: bytes.length + 700 * number, linkType: 1, bytes };
});
const whole = { frames: expected, damage: undefined };
const orders = [false, true];
const withMore = (more: Uint8Array) => records.map((record) => ({ ...record, more }));

const longer = [
  { kind: 'Red Hat 6.1', magic: pcapMagics.micros, more: linuxMore, header: 24 },
  { kind: 'Nokia', magic: pcapMagics.micros, more: nokiaMore, header: 20 },
  { kind: 'Kuznetzov', magic: pcapMagics.modified, more: linuxMore, header: 24 },
  { kind: 'SuSE 6.3', magic: pcapMagics.modified, more: suseMore, header: 28 },
];

describe.each(longer)('record headers of $header bytes ($kind)', ({ magic, more, header }) => {
  test.each(orders)('are told by the records themselves (big-endian: %s)', async (bigEndian) => {
    expect(await framesOf(pcapFile({ bigEndian, magic }, withMore(more(bigEndian))))).toEqual(whole);
    expect(await framesOf(pcapFile({ bigEndian, magic }, withMore(more(bigEndian)).slice(0, 2)))).toEqual({
      frames: expected.slice(0, 2),
      damage: undefined,
    });
  });

  test('are told whatever stands in the fields that are not known', async () => {
    for (const byte of [0, 1, 0x7f, 0xff]) {
      expect(await framesOf(pcapFile({ magic }, withMore(new Uint8Array(header - 16).fill(byte))))).toEqual(whole);
    }
  });

  test('in a file cut anywhere, the records before the cut are read, once two show their kind', async () => {
    const capture = pcapFile({ magic }, withMore(more()));
    const ends = frames.map((_, row) => {
      return 24 + frames.slice(0, row + 1).reduce((sum, frame) => sum + header + frame.length, 0);
    });
    for (let length = 24; length < capture.length; length++) {
      const { frames: read, damage } = await framesOf(capture.subarray(0, length));
      const complete = ends.filter((end) => end <= length);
      if (length < ends[0] + header) {
        expect(read.length).toBeLessThanOrEqual(1);
        continue;
      }
      expect(read).toEqual(expected.slice(0, complete.length));
      const cut = `cut short in the middle of a record, at byte ${complete.at(-1)}`;
      expect(damage).toBe(complete.at(-1) === length ? undefined : cut);
    }
  });
});

test('longer record headers make other units of the same bytes', async () => {
  const unitOf = async (fields: PcapFields) => {
    const { units } = await unitsOf(memorySource(pcapFile(fields, withMore(nokiaMore()))));
    return units[0].id;
  };
  // Version 2.5 is never taken for one of these kinds.
  expect(await unitOf({})).not.toBe(await unitOf({ version: [2, 5] }));
});

test('what makes sense as usual is never taken for another kind', async () => {
  // Nanoseconds under the magic of microseconds, empty frames, more captured than there was, times years apart: all happen.
  const odd: PcapRecord[] = [
    { frame: frames[0], fraction: 999_999_999 },
    { frame: new Uint8Array(0) },
    { frame: frames[1], wireLength: 1 },
    { frame: frames[2], seconds: 0 },
    { frame: new Uint8Array(64), seconds: 0xfffffffe },
  ];
  for (let first = 0; first < odd.length; first++) {
    const turned = [...odd.slice(first), ...odd.slice(0, first)];
    for (const magic of [pcapMagics.micros, pcapMagics.nanos]) {
      const { frames: read, damage } = await framesOf(pcapFile({ magic }, [...turned, ...records]));
      expect(read.map(({ bytes }) => bytes)).toEqual([...turned, ...records].map(({ frame }) => frame));
      expect(damage).toBeUndefined();
    }
  }
});

test('a damaged file of the usual kind is read as usual up to the damage', async () => {
  for (let row = 1; row < records.length; row++) {
    const before = pcapFile({}, records.slice(0, row)).length;
    const capture = pcapFile({}, records).fill(0xff, before, before + 20);
    const { frames: read, damage } = await framesOf(capture);
    expect(read).toEqual(expected.slice(0, row));
    expect(damage).toBe(`a record says it holds 4294967295 bytes (at most ${MAX_FRAME} can be), at byte ${before}`);
  }
});

test.each([pcapMagics.ixiaSoftware, pcapMagics.ixiaHardware])(
  "Ixia's file header is four bytes longer (magic %i)",
  async (magic) => {
    for (const bigEndian of orders) {
      const capture = pcapFile({ magic, bigEndian }, records);
      expect(await framesOf(capture)).toEqual(whole);
      for (let length = 4; length < 28; length++) {
        await expect(framesOf(capture.subarray(0, length))).rejects.toThrow(
          `cut short: ${length} of the 28 bytes of a pcap header`,
        );
      }
    }
  },
);

test('version 543.0, of DG/UX, has the two lengths the other way round', async () => {
  const swapped = records.map((record) => ({ ...record, wireFirst: true }));
  expect(await framesOf(pcapFile({ version: [543, 0] }, swapped))).toEqual(whole);
  await expect(framesOf(pcapFile({ version: [543, 1] }, swapped))).rejects.toThrow(
    'pcap version 543.1 is not known (2.x is)',
  );
});

test.each([
  { number: 6, linkType: 1 },
  { number: 9, linkType: 6 },
  { number: 15, linkType: 10 },
  { number: 24, linkType: 0 },
  { number: 1, linkType: 1 },
])('AIX, which writes version 2.2, calls link type $linkType $number', async ({ number, linkType }) => {
  const swapped = records.map((record) => ({ ...record, wireFirst: true, fraction: 999_999_999 }));
  const linkTypes = async (fields: PcapFields) => {
    const { frames: read } = await framesOf(pcapFile({ linkType: number, ...fields }, swapped));
    return new Set(read.map((row) => row.linkType));
  };
  expect(await linkTypes({ version: [2, 2] })).toEqual(new Set([linkType]));
  expect(await linkTypes({ version: [2, 1] })).toEqual(new Set([number]));
});

test.each<PcapFields>([
  { zone: 3600 },
  { zone: -3600 },
  { snapLength: 0 },
  { snapLength: 40 },
  { snapLength: 0xffffffff },
  { linkType: 0x24000001 },
])('a header field that changes nothing: %o', async (fields) => {
  for (const bigEndian of orders) expect(await framesOf(pcapFile({ bigEndian, ...fields }, records))).toEqual(whole);
});

describe.skipIf(!haveShared)('real captures', () => {
  test('are counted alike in every kind', async () => {
    const usual = await countFile(sharedFile('derived/fmt-A.pcap.gz'));
    expect(usual.frames).toBe(800);
    for (const kind of ['nokiapcap', 'rh6_1pcap', 'suse6_3pcap', 'modpcap', 'nsecpcap']) {
      expect(await countFile(sharedFile(`derived/fmt-A-${kind}.pcap`)), kind).toEqual(usual);
    }
  });
});
