// Records of the kernel's packet ring, as it writes them: chained, the last of a block without a next, VLAN tags taken out.

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createFrameColumns } from '../../collector/formats/frames.ts';
import { openPcap, readPcap } from '../../collector/formats/pcap.ts';
import { type RingContext, readRing, walkRing } from '../../collector/formats/ring.ts';
import { compileFilter, KEEP_NOTHING, keepAll, programBytes } from '../../collector/live/filter.ts';
import { pcapHeader, pcapRecords } from '../../collector/live/ring-pcap.ts';

const context: RingContext = { container: 'ring', linkType: 1 };

interface Record {
  captured: number;
  onWire?: number;
  seconds?: number;
  tagged?: boolean;
  lastOfBlock?: boolean;
}

const FRAME_AT = 82;
const VLAN_VALID = 16;

function ring(...records: Record[]): DataView {
  const sizes = records.map(({ captured }) => Math.ceil((FRAME_AT + captured) / 8) * 8);
  const view = new DataView(new ArrayBuffer(sizes.reduce((sum, size) => sum + size, 0)));
  let at = 0;
  for (const [i, { captured, onWire = captured, seconds = 0, tagged, lastOfBlock }] of records.entries()) {
    view.setUint32(at, lastOfBlock ? 0 : (sizes[i] as number), true);
    view.setUint32(at + 4, seconds, true);
    view.setUint32(at + 12, captured, true);
    view.setUint32(at + 16, onWire, true);
    view.setUint32(at + 20, tagged ? VLAN_VALID : 0, true);
    view.setUint16(at + 24, FRAME_AT, true);
    at += sizes[i] as number;
  }
  return view;
}

test('records of several blocks behind one another are read as frames', () => {
  const view = ring(
    { captured: 60, seconds: 1_700_000_000 },
    { captured: 96, onWire: 1514, lastOfBlock: true },
    { captured: 61, onWire: 61, tagged: true },
    { captured: 0, lastOfBlock: true },
  );
  const end = view.byteLength;
  expect(walkRing(view, 0, end, end)).toEqual({ at: end, needs: 0 });
  const frames = createFrameColumns();
  expect(readRing(view, 0, end, context, frames)).toBe(end);
  expect(frames.rows).toBe(4);
  expect([...frames.at.subarray(0, 4)]).toEqual([82, 144 + 82, 144 + 184 + 82, 144 + 184 + 144 + 82]);
  expect([...frames.capLength.subarray(0, 4)]).toEqual([60, 96, 61, 0]);
  expect([...frames.wireLength.subarray(0, 4)]).toEqual([60, 1514, 65, 0]);
  expect([frames.seconds[0], frames.linkType[0]]).toEqual([1_700_000_000, 1]);
});

test('reading stops when the columns are full and goes on where it stopped', () => {
  const view = ring({ captured: 60 }, { captured: 61, lastOfBlock: true }, { captured: 62 });
  const frames = createFrameColumns(2);
  const at = readRing(view, 0, view.byteLength, context, frames);
  expect([at, frames.rows]).toEqual([288, 2]);
  expect(readRing(view, at, view.byteLength, context, frames)).toBe(view.byteLength);
  expect([frames.rows, frames.capLength[0]]).toEqual([1, 62]);
});

test('a record that is not whole, or contradicts itself, ends the walk', () => {
  const view = ring({ captured: 60 }, { captured: 60 });
  expect(walkRing(view, 0, 288, 200)).toEqual({ at: 144, needs: 144 });
  expect(walkRing(view, 0, 288, 150)).toEqual({ at: 144, needs: 48 });
  view.setUint32(144 + 12, 1000, true);
  expect(walkRing(view, 0, 288, 288)).toMatchObject({ at: 144, damage: expect.stringContaining('144 bytes') });
});

test('a filter is one instruction when all is kept, and what tcpdump compiles when it has a text', () => {
  expect(programBytes(keepAll(96))).toEqual(Buffer.from([6, 0, 0, 0, 96, 0, 0, 0]));
  expect(KEEP_NOTHING.map(({ k }) => k)).toEqual([0]);
  if (spawnSync('tcpdump', ['--version']).error) {
    expect(() => compileFilter('tcp', 1, 96)).toThrow('tcpdump, which is not installed');
    return;
  }
  const program = compileFilter('udp port 53', 1, 96);
  const kept = program.filter(({ code }) => code === 6).map(({ k }) => k);
  expect([...new Set(kept)].sort()).toEqual([0, 96]);
  expect(() => compileFilter('no such word', 1, 96)).toThrow(/^--filter no such word: .*syntax error|no such word/);
  expect(() => compileFilter('-w /tmp/x', 1, 96)).toThrow('--filter');
});

test('what is kept as pcap has the frames, their lengths and times, and the VLAN tags where they were', () => {
  const view = ring(
    { captured: 60, onWire: 1000, seconds: 1_700_000_000 },
    { captured: 64, tagged: true, lastOfBlock: true },
    { captured: 10, tagged: true }, // cut before where the tag was
  );
  const bytes = new Uint8Array(view.buffer);
  for (let i = 0; i < 64; i++) bytes[144 + FRAME_AT + i] = i;
  view.setUint32(144 + 8, 123_456_789, true);
  view.setUint32(144 + 32, 0x2007, true);
  const file = Buffer.concat([pcapHeader(1), pcapRecords(view, view.byteLength)]);
  const frames = createFrameColumns();
  const pcap = new DataView(file.buffer, file.byteOffset, file.length);
  expect(readPcap(pcap, 24, file.length, openPcap(pcap, 0, file.length), frames)).toBe(file.length);
  expect([...frames.capLength.subarray(0, frames.rows)]).toEqual([60, 68, 10]);
  expect([...frames.wireLength.subarray(0, frames.rows)]).toEqual([1000, 68, 10]);
  expect([frames.seconds[0], file.readUInt32LE(24 + 16 + 60 + 4)]).toEqual([1_700_000_000, 123_456_789]);
  const tagged = file.subarray(frames.at[1], (frames.at[1] as number) + 68);
  expect(tagged.subarray(0, 20).toString('hex')).toBe('000102030405060708090a0b810020070c0d0e0f');
});
