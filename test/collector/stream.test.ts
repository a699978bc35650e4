// A capture that flows in is cut into units of whole records, however its bytes arrive.
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readRecords } from '../../collector/formats/capture.ts';
import { createFrameColumns } from '../../collector/formats/frames.ts';
import type { LiveSlot } from '../../collector/live/protocol.ts';
import { startStream } from '../../collector/live/stream.ts';
import { tcpSyn } from '../../sample-pcaps/packets.ts';
import { pcapFile } from '../setup/pcap.ts';

const SLOT_BYTES = 4096;

/** Reads what comes, and says how many frames each unit held. */
function reader(slotBytes = SLOT_BYTES) {
  const input = new PassThrough();
  const units: number[] = [];
  let slots = 0;
  const stream = startStream<LiveSlot>(input, {
    acquire: async () => ({ number: ++slots, buffer: new SharedArrayBuffer(slotBytes) }),
    release: () => slots--,
    unit: (slot, from, to, context) => {
      slots--;
      const frames = createFrameColumns();
      expect(readRecords(new DataView(slot.buffer), from, to, structuredClone(context), frames)).toBe(to);
      units.push(frames.rows);
    },
  });
  return { input, units, stream, slotsHeld: () => slots };
}

const records = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ frame: tcpSyn({ dstPort: i }), seconds: 1_600_000_000 }));
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

test('records that come a byte at a time are all there, in units that fit their slots', async () => {
  const { input, units, stream, slotsHeld } = reader();
  for (const byte of pcapFile({}, records(200))) input.write(Uint8Array.of(byte));
  input.end();
  expect(await stream.ended).toBeUndefined();
  expect(sum(units)).toBe(200);
  expect(units.length).toBeGreaterThan(2);
  expect(slotsHeld()).toBe(0);
});

test('a flush hands over what is whole, and the rest of a record comes with the next', async () => {
  const { input, units, stream } = reader();
  const bytes = pcapFile({}, records(10));
  input.write(bytes.subarray(0, bytes.length - 20));
  await sleep(10);
  await stream.flush();
  expect(units).toEqual([9]);
  await stream.flush();
  expect(units).toEqual([9]);
  input.end(bytes.subarray(bytes.length - 20));
  expect(await stream.ended).toBeUndefined();
  expect(units).toEqual([9, 1]);
});

test('what is stopped in the middle of a record hands over the records before it', async () => {
  const { input, units, stream, slotsHeld } = reader();
  input.write(pcapFile({}, records(10)).subarray(0, -5));
  await sleep(10);
  await stream.stop();
  expect([units, slotsHeld()]).toEqual([[9], 0]);
});

test('damage, a cut end, other bytes and nothing at all are named', async () => {
  const end = async (...pieces: Uint8Array[]) => {
    const { input, units, stream } = reader();
    for (const piece of pieces) input.write(piece);
    input.end();
    return [await stream.ended, sum(units)];
  };
  const bytes = pcapFile({}, records(3));
  const broken = Uint8Array.from(bytes);
  broken.fill(0xff, bytes.length - 62, bytes.length - 54);
  expect(await end(bytes.subarray(0, -1))).toEqual(['it ends in the middle of a record', 2]);
  expect(await end(broken)).toEqual([expect.stringContaining('a record says it holds'), 2]);
  expect(await end(new TextEncoder().encode('hello, this is no capture at all; really not'))).toEqual([
    expect.stringContaining('not a capture file'),
    0,
  ]);
  expect(await end()).toEqual(['it is empty', 0]);
});
