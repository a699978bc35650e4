// The tables of flows and of dark addresses against plain maps, seen through the blocks they give: growth, collisions, reuse.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { darkBlock, flowBlock } from '../../analyzer/blocks.ts';
import { BACKSCATTER } from '../../analyzer/classify/kinds.ts';
import { ZMAP, ZMAP_UNTIL } from '../../analyzer/classify/tools.ts';
import { DarkTable } from '../../analyzer/count/dark.ts';
import { DarkCounts } from '../../analyzer/count/dark-counts.ts';
import type { FlowRows } from '../../analyzer/count/flow-rows.ts';
import { Flows } from '../../analyzer/count/flows.ts';
import { MinuteSpans } from '../../analyzer/count/spans.ts';
import { Addresses6 } from '../../analyzer/decode/addresses6.ts';
import { Darknet } from '../../analyzer/decode/darknet.ts';
import { createPacketColumns, type PacketColumns } from '../../analyzer/decode/packets.ts';
import { BATCH_ROWS, createFrameColumns, type FrameColumns } from '../../collector/formats/frames.ts';
import { addressBytes } from '../../sample-pcaps/addresses.ts';
import { createRandom } from '../../sample-pcaps/random.ts';
import { addressText, type Row, rowsOf, viewOf } from '../setup/counting.ts';
import { prefix } from '../setup/decoding.ts';

interface Packet {
  fate: number;
  version: number;
  proto: number;
  kind: number;
  toolMarks: number;
  /** IPv4 addresses, or numbers of IPv6 addresses. */
  srcAddr: number;
  dstAddr: number;
  srcPort: number;
  dstPort: number;
  seconds: number;
  wireLength: number;
}

const frames = createFrameColumns();
const packets = createPacketColumns();
const spans = new MinuteSpans();
const addresses6 = new Addresses6();
for (const host of [0, 1, 2]) addresses6.number(viewOf(addressBytes(`2001:db8::${host}`)), 0);

/** The packets as batches of columns. */
function* batches(rows: readonly Packet[]): Generator<[FrameColumns, PacketColumns, MinuteSpans]> {
  for (let from = 0; from < rows.length; from += BATCH_ROWS) {
    const part = rows.slice(from, from + BATCH_ROWS);
    frames.rows = part.length;
    for (const [row, { seconds, wireLength, ...fields }] of part.entries()) {
      frames.seconds[row] = seconds;
      frames.wireLength[row] = wireLength;
      for (const [name, value] of Object.entries(fields)) packets[name as keyof PacketColumns][row] = value;
    }
    spans.find(frames);
    yield [frames, packets, spans];
  }
}

function text(version: number, address: number): string {
  if (version === 6) return `2001:db8:0:0:0:0:0:${address}`;
  const mapped = new Uint8Array(16).fill(0xff, 10, 12);
  viewOf(mapped).setUint32(12, address);
  return addressText(mapped);
}

/** Rows added up in a map by their key, every one once. */
type Model = Map<string, Record<string, number>>;

function modelOf(rows: readonly Packet[], keyOf: (packet: Packet) => (number | string)[]): Model {
  const model: Model = new Map();
  for (const packet of rows.filter(({ fate }) => fate === 0)) {
    const key = keyOf(packet).join(' ');
    const { seconds, wireLength } = packet;
    const sums = model.get(key) ?? { packets: 0, bytes: 0, first: seconds, last: seconds };
    model.set(key, {
      packets: sums.packets + 1,
      bytes: sums.bytes + wireLength,
      first: Math.min(sums.first, seconds),
      last: Math.max(sums.last, seconds),
    });
  }
  return model;
}

function modelFrom(rows: readonly Row[], key: string[], sums: string[]): Model {
  const model: Model = new Map();
  for (const row of rows) {
    const name = key.map((column) => row[column]).join(' ');
    if (model.has(name)) throw new Error(`${name} stands twice in the block`);
    model.set(name, Object.fromEntries(sums.map((column) => [column, Number(row[column])])));
  }
  return model;
}

/** Keys whose sums are not the same in both. */
function differing(one: Model, other: Model): string[] {
  const differ = (key: string) => JSON.stringify(one.get(key)) !== JSON.stringify(other.get(key));
  return [...new Set([...one.keys(), ...other.keys()])].filter(differ);
}

const flowColumns = ['hour', 'kind', 'proto', 'dstPort', 'srcPort', 'srcAddr', 'toolMarks'];
const flowKey = ({ version, proto, kind, srcAddr, srcPort, dstPort, seconds, toolMarks }: Packet) => [
  ...[Math.floor(seconds / 3600) * 3600, kind + 1, proto, dstPort, kind === BACKSCATTER ? srcPort : 0],
  ...[text(version, srcAddr), seconds >= ZMAP_UNTIL ? toolMarks & ~ZMAP : toolMarks],
];

function expectFlows(flows: Flows, rows: readonly Packet[]): void {
  for (const batch of batches(rows)) flows.add(...batch);
  const taken = flows.take();
  const inBlock = rowsOf(flowBlock(taken, addresses6));
  expect(
    differing(modelFrom(inBlock, flowColumns, ['packets', 'bytes', 'first', 'last']), modelOf(rows, flowKey)),
  ).toEqual([]);
  expect(firstUnsorted(taken)).toBe(-1);
}

/** The first row that does not come after the one before it in the order of the table; -1 when all do. */
function firstUnsorted(flows: FlowRows): number {
  const { hour, kind, proto, dstPort, isIpv6, srcAddr, toolMarks, srcPort } = flows;
  const key = [hour, kind, proto, dstPort, isIpv6 ?? new Uint8Array(flows.rows), srcAddr, toolMarks, srcPort];
  for (let row = 1; row < flows.rows; row++) {
    const differs = key.find((column) => column[row] !== column[row - 1]);
    if (differs === undefined || (differs[row] as number) < (differs[row - 1] as number)) return row;
  }
  return -1;
}

/** Days are cut nine hours east, so that a day is not what an hour's number suggests. */
const dayOfHour = (hour: number) => Math.floor((hour + 9) / 24);

function expectDark(dark: DarkCounts, rows: readonly Packet[], mask = 0xffffffff): void {
  dark.clear();
  for (const batch of batches(rows)) dark.add(...batch);
  const inBlock = rowsOf(darkBlock(dark, addresses6));
  const model = modelOf(rows, ({ version, kind, dstAddr, seconds }) => {
    const address = version === 6 ? dstAddr : (dstAddr & mask) >>> 0;
    return [dayOfHour(Math.floor(seconds / 3600)), kind + 1, text(version, address)];
  });
  for (const sums of model.values()) for (const name of ['first', 'last']) delete sums[name];
  expect(differing(modelFrom(inBlock, ['day', 'kind', 'dstAddr'], ['packets', 'bytes']), model)).toEqual([]);
}

// Few values a field, the extremes among them: keys come again and again, and differ in one field only.
const few = (...values: number[]) => fc.constantFrom(...values);
const common = {
  fate: few(0, 0, 0, 5),
  proto: few(1, 6, 17, 255),
  kind: few(0, 1, 2),
  toolMarks: few(0, 1, 4, 7),
  srcPort: few(0, 53, 0x8000, 0xffff),
  dstPort: few(0, 23, 0x8000, 0xffff),
  seconds: few(0, 3599, 3600, ZMAP_UNTIL - 1, ZMAP_UNTIL, 1_700_000_000, 4_294_900_000),
  wireLength: few(0, 60, 0xffffffff),
};
const address4 = few(0, 1, 0x80000000, 0x800000ff, 0xffffff00, 0xffffffff);
const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({ ...common, version: fc.constant(4), srcAddr: address4, dstAddr: address4 }),
  fc.record({ ...common, version: fc.constant(6), srcAddr: few(0, 1, 2), dstAddr: few(0, 1, 2) }),
);
const mixes = fc.array(packet, { maxLength: 200 });

test('flows are a map in the order of their table, also when they are used again', () => {
  const flows = new Flows();
  fc.assert(
    fc.property(mixes, (rows) => expectFlows(flows, rows)),
    { seed: 3, numRuns: 150 },
  );
});

const everywhere = ['0.0.0.0/31', '128.0.0.0/24', '255.255.255.0/24'];
// Of these three days have planes, more do not fit; of the whole Internet none has.
const wide = ['0.0.0.0/15', '128.0.0.0/15', '255.254.0.0/15'];

test.each([
  { by24: false, darknet: undefined },
  { by24: true, darknet: undefined },
  { by24: false, darknet: everywhere },
  { by24: true, darknet: everywhere },
  { by24: false, darknet: wide },
  { by24: true, darknet: wide },
  { by24: false, darknet: ['0.0.0.0/0'] },
])('counts of dark addresses are a map, also when they are used again (by /24 $by24, darknet $darknet)', (given) => {
  const { by24, darknet } = given;
  // The table as small as it can be: keys of other kinds and days come to stand next to each other.
  const counts = new DarkCounts(darknet && new Darknet(darknet.map(prefix)), by24, dayOfHour, new DarkTable(2));
  fc.assert(
    fc.property(mixes, (rows) => expectDark(counts, rows, by24 ? 0xffffff00 : 0xffffffff)),
    { seed: 4, numRuns: 100 },
  );
});

test('tables keep every row while they grow', () => {
  const random = createRandom('many rows');
  const rows = Array.from({ length: 12_000 }, () => ({
    ...{ fate: 0, version: 4, proto: 6, kind: 0, toolMarks: 0, srcPort: 1, wireLength: 60 },
    srcAddr: random.uint32() % 20_000,
    dstAddr: random.uint32() % 20_000,
    dstPort: random.pick([23, 445]),
    seconds: random.int(0, 7199),
  }));
  const flows = new Flows();
  const dark = new DarkCounts(undefined, false, dayOfHour);
  const before = dark.table.rows.length;
  expectFlows(flows, rows);
  expectDark(dark, rows);
  expect(dark.table.rows.length).toBeGreaterThan(before);
  // Grown, cleared and filled with other rows.
  expectFlows(flows, rows.slice(0, 5000).reverse());
  expectDark(dark, rows.slice(0, 5000).reverse());
});

test.each([
  { field: 'srcAddr', values: 16_000, times: 1024 },
  { field: 'dstAddr', values: 4000, times: 1024 },
  { field: 'srcPort', values: 4000, times: 1 },
  { field: 'dstPort', values: 4000, times: 1 },
  { field: 'seconds', values: 4000, times: 86_400 },
  { field: 'proto', values: 256, times: 1 },
  { field: 'toolMarks', values: 8, times: 1 },
  { field: 'kind', values: 3, times: 1 },
])('keys that differ only in $field stay apart', ({ field, values, times }) => {
  // So many that several fall into one slot, whatever the hash.
  const rows = Array.from({ length: 2 * values }, (_, number) => ({
    ...{ fate: 0, version: 4, proto: 17, kind: BACKSCATTER, toolMarks: 0, wireLength: 1 },
    ...{ srcAddr: 1, dstAddr: 1, srcPort: 1, dstPort: 1, seconds: 1 },
    [field]: (number % values) * times,
  }));
  expectFlows(new Flows(), rows);
  expectDark(new DarkCounts(undefined, false, dayOfHour), rows);
});
