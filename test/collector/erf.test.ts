// ERF: every type of record, its headers, its lengths; cut and damaged files. What is told as ERF at all is in erf-telling.test.ts.
import { expect, test } from 'vitest';
import { arp, icmp, tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { countCapture } from '../setup/counting.ts';
import { framesOf, unitsOf } from '../setup/cutting.ts';
import { type ErfFields, erfRecord, erfTypes } from '../setup/erf.ts';
import { ciscoHdlc, packetIn, ppp } from '../setup/frames.ts';
import { joined } from '../setup/pcapng.ts';
import { haveShared, readTruth } from '../setup/shared.ts';
import { arrivals, memorySource } from '../setup/streams.ts';
import { countFile } from '../setup/truth.ts';

const frame = tcpSyn({ dstPort: 23 });
const frame6 = udp({ dstAddr: '2001:db8:64::1' });
const good = erfRecord(frame);
/** Enough of a beginning to be known as ERF. */
const beginning = joined(good, good, good, good, good);

/** What the file has behind a good beginning. */
async function behind(...records: Uint8Array[]) {
  const { frames, damage } = await framesOf(joined(beginning, ...records));
  return { frames: frames.slice(5), damage: damage?.replace(`, at byte ${beginning.length}`, ' HERE') };
}

const kinds: [name: keyof typeof erfTypes, linkType: number, frame: Uint8Array][] = [
  ['ethernet', 1, frame],
  ['colorEthernet', 1, frame6],
  ['dsmColorEthernet', 1, arp()],
  ['colorHashEthernet', 1, frame],
  ['hdlcPos', 104, ciscoHdlc(frame)],
  ['hdlcPos', 50, ppp(frame)],
  ['colorHdlcPos', 104, ciscoHdlc(frame6)],
  ['dsmColorHdlcPos', 50, ppp(frame6)],
  ['colorHashHdlcPos', 50, ppp(frame)],
  ['multiHdlc', 50, ppp(frame)],
  ['colorMultiHdlc', 104, ciscoHdlc(frame)],
  ['ipv4', 228, packetIn(frame)],
  ['ipv6', 229, packetIn(frame6)],
];

test.each(kinds)('a record of type %s holds a frame of link type %i', async (name, linkType, bytes) => {
  for (const extensions of [0, 1, 2, 7]) {
    const record = erfRecord(bytes, { type: erfTypes[name], seconds: 1_577_836_805, extensions });
    expect(await behind(record)).toEqual({
      frames: [{ seconds: 1_577_836_805, wireLength: bytes.length, linkType, bytes }],
      damage: undefined,
    });
  }
});

test("Cisco's HDLC to all stations is told from PPP as well", async () => {
  const toAll = ciscoHdlc(frame);
  toAll[0] = 0x8f;
  const { frames } = await behind(
    erfRecord(toAll, { type: erfTypes.hdlcPos }),
    erfRecord(new Uint8Array(0), { type: erfTypes.hdlcPos }),
  );
  expect(frames.map(({ linkType }) => linkType)).toEqual([104, 50]);
});

test('packets of every type that is decoded are counted', () => {
  const records = kinds.map(([name, , bytes]) => erfRecord(bytes, { type: erfTypes[name] }));
  const { account } = countCapture(joined(beginning, ...records));
  expect(account).toMatchObject({ frames: kinds.length + 5, counted: kinds.length + 4, fates: { notIp: 1 } });
});

test('other types are frames of a link type that is not decoded', async () => {
  const others = [erfTypes.atm, erfTypes.aal5, erfTypes.ipCounter, erfTypes.infiniband, erfTypes.rawLink, 26, 47];
  const records = others.map((type) => erfRecord(new Uint8Array(52), { type }));
  const { frames, damage } = await behind(...records);
  expect(frames.map(({ linkType, wireLength }) => [linkType, wireLength])).toEqual(others.map(() => [197, 52]));
  expect(frames.map(({ bytes }) => bytes)).toEqual(records);
  expect(damage).toBeUndefined();
  const { account } = countCapture(joined(beginning, ...records));
  expect(account.fates).toEqual({ unsupportedLink: others.length });
});

test('filling and data about the capture are no frames', async () => {
  const filling = erfRecord(new Uint8Array(600), { type: erfTypes.pad, seconds: 0 });
  const least = erfRecord(new Uint8Array(0), { type: erfTypes.pad });
  const meta = erfRecord(new Uint8Array(90), { type: erfTypes.meta, extensions: 1 });
  const { frames, damage } = await behind(filling, least, good, meta, filling);
  expect([frames.length, damage]).toEqual([1, undefined]);
});

test('what fills a record up is no part of the frame, and what was cut off counts on the wire', async () => {
  const { frames } = await behind(
    erfRecord(frame.subarray(0, 41)),
    erfRecord(frame.subarray(0, 41), { wireLength: 1500 }),
  );
  expect(frames.map(({ bytes, wireLength }) => [bytes.length, wireLength])).toEqual([
    [41, 41],
    [48 - 2, 1500], // nothing says where a cut frame ends but the record's own end
  ]);
});

test('flags change nothing: interface, truncated, errors', async () => {
  const flags = [0, 1, 2, 3, 8, 0x10, 0x20, 0x43, 0x7f];
  const { frames } = await behind(...flags.map((value) => erfRecord(frame, { flags: value })));
  expect(frames.map(({ bytes }) => bytes)).toEqual(flags.map(() => frame));
});

test('a record is at most 65,535 bytes long, and read to its end', async () => {
  const bytes = new Uint8Array(65_535 - 18).fill(1);
  const record = erfRecord(bytes, { length: 65_535 }).subarray(0, 65_535);
  const { frames, damage } = await behind(record, good);
  expect([frames.map((row) => row.bytes.length), damage]).toEqual([[bytes.length, frame.length], undefined]);
});

test.each<{ what: string; fields: ErfFields; says: string }>([
  { what: 'a length shorter than the header', fields: { length: 15 }, says: 'a record says it is 15 bytes long HERE' },
  { what: 'no length', fields: { length: 0 }, says: 'a record says it is 0 bytes long HERE' },
  { what: 'type 0', fields: { type: 0 }, says: 'a record of type 0, which ERF does not have HERE' },
  { what: 'type 49', fields: { type: 49 }, says: 'a record of type 49, which ERF does not have HERE' },
  { what: 'type 127', fields: { type: 127 }, says: 'a record of type 127, which ERF does not have HERE' },
  {
    what: 'no room for the extension headers',
    fields: { extensions: 9, length: 87 },
    says: 'a record of 87 bytes is too short for its own headers HERE',
  },
  {
    what: 'no room for what stands before the frame',
    fields: { length: 17 },
    says: 'a record of 17 bytes is too short for its own headers HERE',
  },
])('damage is named with its place: $what', async ({ fields, says }) => {
  expect(await behind(erfRecord(frame, fields), good)).toEqual({ frames: [], damage: says });
});

test('extension headers without an end are damage', async () => {
  const record = erfRecord(frame, { extensions: 1 }).fill(0xff, 16);
  const { damage } = await behind(record);
  expect(damage).toBe(`a record of ${record.length} bytes is too short for its own headers HERE`);
});

test('a file cut anywhere gives the frames before the cut, and says where the broken record begins', async () => {
  const records = [good, good, good, good, good, erfRecord(frame6, { extensions: 2 }), erfRecord(icmp()), good];
  const capture = joined(...records);
  for (let length = beginning.length; length < capture.length; length++) {
    const { frames, damage } = await framesOf(capture.subarray(0, length));
    let whole = 0;
    let end = 0;
    while (end + records[whole].length <= length) end += records[whole++].length;
    expect(frames.length).toBe(whole);
    expect(damage).toBe(end === length ? undefined : `cut short in the middle of a record, at byte ${end}`);
  }
});

test('the same units however the bytes arrive, and of a file that has grown only what is new', async () => {
  const capture = joined(
    beginning,
    ...Array.from({ length: 50 }, (_, number) => erfRecord(frame, { seconds: 1_577_836_800 + number })),
  );
  const all = [];
  for (const source of arrivals(capture)) all.push(await unitsOf(source));
  expect(all[0].units).toMatchObject([{ start: 0, end: capture.length }]);
  expect(all.slice(1)).toEqual([all[0], all[0]]);
  const known = all[0].units.map(({ id, ...unit }) => ({ ...unit, unit: id }));
  const grown = await unitsOf(memorySource(joined(capture, good)), known);
  expect(grown.already.length).toBe(1);
  expect(grown.units).toMatchObject([{ start: capture.length, end: capture.length + good.length }]);
});

test.skipIf(!haveShared)('a real capture is counted as tshark counts it', async () => {
  const truth = readTruth().find(({ format }) => format === 'erf (gzip compressed)')!;
  const counts = await countFile(truth.file);
  expect(counts).toMatchObject({ frames: truth.total, damage: undefined });
  const { ipv4Tcp, ipv4Udp, ipv4Icmp, ipv4Other, noIp } = counts.protocols;
  expect([ipv4Tcp, ipv4Udp, ipv4Icmp, ipv4Other, noIp]).toEqual([
    truth.ipv4Tcp,
    truth.ipv4Udp,
    truth.ipv4Icmp,
    truth.ipv4Other,
    truth.nonIp,
  ]);
  expect(counts.ports.size).toBe(truth.distinctPorts);
  // The tenth is a tie.
  const largest = [...truth.topPorts].slice(0, 9);
  expect(largest.map(([name]) => [name, counts.ports.get(name)])).toEqual(largest);
});
