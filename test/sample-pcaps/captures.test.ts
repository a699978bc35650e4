// Written captures are read back, classic ones by the npm package pcap-parser, pcapng block by block.
import { type EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { writePcap, writePcapng } from '../../sample-pcaps/captures.ts';
import { tcpSyn, udp } from '../../sample-pcaps/packets.ts';

// The package has no type declarations.
const { parse } = createRequire(import.meta.url)('pcap-parser') as { parse(input: Readable): EventEmitter };

const packets = [
  { seconds: 1546300800, nanos: 123_456_789, frame: tcpSyn({ dstPort: 23 }) },
  { seconds: 1609459199, nanos: 999_999_999, frame: udp({ payload: new Uint8Array(5) }) },
];

interface ReadPacket {
  header: { timestampSeconds: number; timestampMicroseconds: number; capturedLength: number; originalLength: number };
  data: Buffer;
}

async function readBack(capture: Buffer): Promise<{ linkLayerType: number; packets: ReadPacket[] }> {
  const parser = parse(Readable.from([capture]));
  const read: ReadPacket[] = [];
  parser.on('packet', (packet: ReadPacket) => read.push(packet));
  const header = once(parser, 'globalHeader');
  await once(parser, 'end');
  return { linkLayerType: (await header)[0].linkLayerType, packets: read };
}

test.each([false, true])('a pcap is read back packet by packet (big-endian: %s)', async (bigEndian) => {
  const read = await readBack(writePcap(packets, { bigEndian }));
  expect(read.linkLayerType).toBe(1);
  expect(read.packets.map(({ data }) => new Uint8Array(data))).toEqual(packets.map(({ frame }) => frame));
  expect(read.packets.map(({ header }) => [header.timestampSeconds, header.timestampMicroseconds])).toEqual([
    [1546300800, 123_456],
    [1609459199, 999_999],
  ]);
});

test('the snap length cuts the frame and keeps its length on the wire', async () => {
  const read = await readBack(writePcap(packets, { snapLength: 40, linkType: 101 }));
  expect(read.linkLayerType).toBe(101);
  expect(read.packets.map(({ header }) => [header.capturedLength, header.originalLength])).toEqual([
    [40, 54],
    [40, 47],
  ]);
});

test('a pcap with nanoseconds says so and keeps every digit', () => {
  const capture = writePcap(packets, { nanoseconds: true });
  expect(capture.readUInt32LE(0)).toBe(0xa1b23c4d);
  expect(capture.readUInt32LE(28)).toBe(123_456_789);
});

test('an empty capture is its header', () => {
  expect(writePcap([]).length).toBe(24);
});

/** The blocks of a pcapng file; fails where a block's two lengths differ or do not lead to the next block. */
function blocksOf(capture: Buffer, bigEndian: boolean): { type: number; body: DataView }[] {
  const view = new DataView(capture.buffer, capture.byteOffset, capture.length);
  const blocks: { type: number; body: DataView }[] = [];
  for (let at = 0; at < capture.length; ) {
    const length = view.getUint32(at + 4, !bigEndian);
    expect(length % 4).toBe(0);
    expect(view.getUint32(at + length - 4, !bigEndian)).toBe(length);
    const body = new DataView(view.buffer, view.byteOffset + at + 8, length - 12);
    blocks.push({ type: view.getUint32(at, !bigEndian), body });
    at += length;
  }
  return blocks;
}

test.each([
  { bigEndian: false, timeResolution: 6, perSecond: 1_000_000n },
  { bigEndian: true, timeResolution: 9, perSecond: 1_000_000_000n },
  { bigEndian: false, timeResolution: 0x80 | 20, perSecond: 1_048_576n },
])(
  'a pcapng is a section, an interface and a block for each packet: %o',
  ({ bigEndian, timeResolution, perSecond }) => {
    const blocks = blocksOf(writePcapng(packets, { bigEndian, timeResolution }), bigEndian);
    expect(blocks.map(({ type }) => type)).toEqual([0x0a0d0d0a, 1, 6, 6]);
    expect(blocks[0]!.body.getUint32(0, !bigEndian)).toBe(0x1a2b3c4d);
    expect(blocks[1]!.body.getUint8(12)).toBe(timeResolution);
    packets.forEach(({ seconds, nanos, frame }, index) => {
      const { body } = blocks[index + 2]!;
      const ticks = (BigInt(body.getUint32(4, !bigEndian)) << 32n) | BigInt(body.getUint32(8, !bigEndian));
      expect(ticks).toBe(BigInt(seconds) * perSecond + (BigInt(nanos) * perSecond) / 1_000_000_000n);
      expect([body.getUint32(12, !bigEndian), body.getUint32(16, !bigEndian)]).toEqual([frame.length, frame.length]);
      expect(new Uint8Array(body.buffer, body.byteOffset + 20, frame.length)).toEqual(frame);
    });
  },
);
