// Units: always cut at the same places, whatever way the bytes arrive; what is known of a file is stepped over.
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gunzipSource } from '../../collector/compression/gzip.ts';
import { UNIT_BYTES } from '../../collector/units.ts';
import { writePcap, writePcapng } from '../../sample-pcaps/captures.ts';
import { tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { eachUnit, framesOf, slotsFree, type Unit, unitsOf } from '../setup/cutting.ts';
import { joined, pcapngBlocks } from '../setup/pcapng.ts';
import { arrivals, memorySource } from '../setup/streams.ts';

const frameOf = (number: number) => (number % 2 === 0 ? tcpSyn({ dstPort: number }) : udp({ dstPort: number }));
const captured = Array.from({ length: 300 }, (_, number) => {
  return { seconds: 1_577_836_800 + number, nanos: 0, frame: frameOf(number) };
});
const fileHeader = 24;
/** Units as the database knows them. */
const known = (units: Unit[]) => units.map(({ id, ...unit }) => ({ ...unit, unit: id, frames: 0, counted: 0 }));

test.each([
  { what: 'pcap', capture: writePcap(captured) },
  { what: 'pcapng', capture: writePcapng(captured, { bigEndian: true }) },
  { what: 'gzip', capture: gzipSync(writePcap(captured)) },
  { what: 'gzip of two members', capture: Buffer.concat([gzipSync(writePcap(captured)), gzipSync(new Uint8Array(0))]) },
])('the same units however the bytes arrive: $what', async ({ capture }) => {
  const all = [];
  for (const source of arrivals(capture)) all.push(await unitsOf(source));
  expect(all[0].units.length).toBe(1);
  expect(all[0].damage).toBeUndefined();
  expect(all[1]).toEqual(all[0]);
  expect(all[2]).toEqual(all[0]);
});

test('a unit is known by its bytes, not by how they were packed', async () => {
  const capture = writePcap(captured);
  const plain = await unitsOf(memorySource(capture));
  expect(await unitsOf(gunzipSource(memorySource(gzipSync(capture))))).toEqual(plain);
  expect(plain.units[0]).toMatchObject({ start: fileHeader, end: capture.length });
});

test('a record across the boundary belongs to the unit in which it begins, and what was read beyond it to the next', async () => {
  // A few frames again and again, without ever holding the whole capture; no two boundaries fall at the same place of them.
  const frames = Array.from({ length: 61 }, (_, number) =>
    udp({ payload: new Uint8Array(900 + 7 * number).fill(number) }),
  );
  const few = new Uint8Array(writePcap(frames.map((frame) => ({ seconds: 1, nanos: 0, frame }))));
  const period = few.length - fileHeader;
  const total = fileHeader + Math.ceil((2.2 * UNIT_BYTES) / period) * period;
  const streamAt = (offset: number, most: number) => {
    const place = offset < fileHeader ? offset : fileHeader + ((offset - fileHeader) % period);
    return few.subarray(place, Math.min(place + most, place + total - offset));
  };
  let given = 0;
  const source = {
    ...memorySource(few),
    read: async (into: Uint8Array, at: number, most: number) => {
      const part = streamAt(given, most);
      into.set(part, at);
      given += part.length;
      return part.length;
    },
  };
  /** The first record that begins at or behind an offset. */
  const beginFrom = (offset: number) => {
    let begin = fileHeader + Math.floor((offset - fileHeader) / period) * period;
    for (let row = 0; begin < offset; row++) begin += 16 + frames[row].length;
    return begin;
  };
  const units: number[][] = [];
  const { damage } = await eachUnit(source, ({ slot, from, to, start, end }) => {
    expect(to - from).toBe(end - start);
    units.push([start, end]);
    for (let offset = start; offset < end; ) {
      const part = streamAt(offset, end - offset);
      const ours = new Uint8Array(slot.buffer, from + offset - start, part.length);
      if (Buffer.compare(ours, part) !== 0) throw new Error(`other bytes from byte ${offset} on`);
      offset += part.length;
    }
  });
  const ends = [beginFrom(UNIT_BYTES), beginFrom(2 * UNIT_BYTES), total];
  expect(ends[0]).toBeGreaterThan(UNIT_BYTES);
  expect(units).toEqual([
    [fileHeader, ends[0]],
    [ends[0], ends[1]],
    [ends[1], ends[2]],
  ]);
  expect(damage).toBeUndefined();
});

test.each(['pcap', 'pcapng'])('of a file that has grown only what is new is yielded: %s', async (format) => {
  const write = format === 'pcap' ? writePcap : writePcapng;
  const first = await unitsOf(memorySource(write(captured.slice(0, 100))));
  const second = await unitsOf(memorySource(write(captured.slice(0, 200))), known(first.units));
  expect(second.already).toEqual([expect.objectContaining({ unit: first.units[0].id })]);
  expect(second.units).toEqual([
    expect.objectContaining({ start: first.units[0].end, opening: first.units[0].opening }),
  ]);
  const third = await unitsOf(memorySource(write(captured)), known([...first.units, ...second.units]));
  expect(third.already.map(({ unit }) => unit)).toEqual([first.units[0].id, second.units[0].id]);
  expect(third.units).toEqual([expect.objectContaining({ start: second.units[0].end })]);
  const again = await unitsOf(memorySource(write(captured)), known([...first.units, ...second.units, ...third.units]));
  expect([again.units, again.already.length, again.damage]).toEqual([[], 3, undefined]);
});

test('what is known at the same place but differs in a byte is not stepped over', async () => {
  const first = await unitsOf(memorySource(writePcap(captured)));
  const other = captured.map((packet, number) => (number === 299 ? { ...packet, seconds: 0 } : packet));
  const second = await unitsOf(memorySource(writePcap(other)), known(first.units));
  expect([second.already, second.units.length]).toEqual([[], 1]);
  expect(second.units[0].id).not.toBe(first.units[0].id);
  expect(second.units[0].opening).toBe(first.units[0].opening);
});

test('what follows known units has the interfaces that were described before it, and no others', async () => {
  const { section, describedInterface, enhancedPacket } = pcapngBlocks();
  const beginning = joined(section(), describedInterface({ linkType: 101 }), enhancedPacket(tcpSyn()));
  const middle = joined(beginning, enhancedPacket(udp()));
  const whole = joined(middle, describedInterface({ linkType: 276 }), enhancedPacket(tcpSyn(), { from: 1 }));
  const first = await unitsOf(memorySource(beginning));
  const second = await unitsOf(memorySource(middle), known(first.units));
  const linkTypes: number[][] = [];
  const end = await eachUnit(
    memorySource(whole),
    ({ context }) => {
      linkTypes.push(context.container === 'pcapng' ? context.interfaces.map(({ linkType }) => linkType) : []);
    },
    known([...first.units, ...second.units]),
  );
  expect([linkTypes, end.already.length, end.damage]).toEqual([[[101]], 2, undefined]);
});

test('of a file that has grown and is cut again, what is new and whole is yielded', async () => {
  const capture = writePcap(captured);
  const first = await unitsOf(memorySource(capture.subarray(0, 5000)));
  const second = await unitsOf(memorySource(capture.subarray(0, 9000)), known(first.units));
  expect(second.already.length).toBe(1);
  expect(second.units).toEqual([expect.objectContaining({ start: first.units[0].end })]);
  expect(second.damage).toBe(`cut short in the middle of a record, at byte ${second.units[0].end}`);
});

test('the end of a cut file is found once the file is whole, and nothing twice', async () => {
  const capture = writePcap(captured);
  const cut = await unitsOf(memorySource(capture.subarray(0, 5000)));
  expect(cut.damage).toBe(`cut short in the middle of a record, at byte ${cut.units[0].end}`);
  const again = await unitsOf(memorySource(capture.subarray(0, 5000)), known(cut.units));
  expect([again.units, again.already.length, again.damage]).toEqual([[], 1, cut.damage]);
  const whole = await unitsOf(memorySource(capture), known(cut.units));
  expect(whole.units).toEqual([expect.objectContaining({ start: cut.units[0].end, end: capture.length })]);
  expect(whole.damage).toBeUndefined();
});

test('every slot comes back, also from a file that is damaged or not looked at to its end', async () => {
  const capture = writePcap(captured);
  await framesOf(capture.subarray(0, 5000));
  const stop = eachUnit(memorySource(capture.subarray(0, 5000)), () => {
    throw new Error('enough');
  });
  await expect(stop).rejects.toThrow('enough');
  await expect(framesOf(new Uint8Array(3))).rejects.toThrow('only 3 bytes');
  expect(slotsFree()).toBe(2);
});
