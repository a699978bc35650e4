// The tables of flows and of dark addresses against plain maps, seen through the blocks they give: growth, collisions, reuse.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { darkBlock, flowBlock } from '../../analyzer/blocks.ts';
import { BACKSCATTER } from '../../analyzer/classify/kinds.ts';
import { ZMAP, ZMAP_UNTIL } from '../../analyzer/classify/tools.ts';
import { DarkTable } from '../../analyzer/count/dark.ts';
import { FlowTable } from '../../analyzer/count/flows.ts';
import { Addresses6 } from '../../analyzer/decode/addresses6.ts';
import { createPacketColumns, type PacketColumns } from '../../analyzer/decode/packets.ts';
import { BATCH_ROWS, createFrameColumns, type FrameColumns } from '../../collector/formats/frames.ts';
import { addressBytes } from '../../sample-pcaps/addresses.ts';
import { createRandom } from '../../sample-pcaps/random.ts';
import { addressText, type Row, rowsOf, viewOf } from '../setup/counting.ts';

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
const addresses6 = new Addresses6();
for (const host of [0, 1, 2]) addresses6.number(viewOf(addressBytes(`2001:db8::${host}`)), 0);

/** The packets as batches of columns. */
function* batches(rows: readonly Packet[]): Generator<[FrameColumns, PacketColumns]> {
  for (let from = 0; from < rows.length; from += BATCH_ROWS) {
    const part = rows.slice(from, from + BATCH_ROWS);
    frames.rows = part.length;
    for (const [row, { seconds, wireLength, ...fields }] of part.entries()) {
      frames.seconds[row] = seconds;
      frames.wireLength[row] = wireLength;
      for (const [name, value] of Object.entries(fields)) packets[name as keyof PacketColumns][row] = value;
    }
    yield [frames, packets];
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

function expectFlows(table: FlowTable, rows: readonly Packet[]): void {
  table.clear();
  for (const batch of batches(rows)) table.add(...batch);
  const inBlock = rowsOf(flowBlock(table, addresses6));
  expect(
    differing(modelFrom(inBlock, flowColumns, ['packets', 'bytes', 'first', 'last']), modelOf(rows, flowKey)),
  ).toEqual([]);
}

/** Days are cut nine hours east, so that a day is not what an hour's number suggests. */
const dayOfHour = (hour: number) => Math.floor((hour + 9) / 24);

function expectDark(table: DarkTable, rows: readonly Packet[], mask = 0xffffffff): void {
  table.clear();
  for (const batch of batches(rows)) table.add(...batch, mask, dayOfHour);
  const inBlock = rowsOf(darkBlock(table, addresses6));
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

test('a flow table is a map, also when it is used again', () => {
  const table = new FlowTable();
  fc.assert(
    fc.property(mixes, (rows) => expectFlows(table, rows)),
    { seed: 3, numRuns: 150 },
  );
});

test.each([0xffffffff, 0xffffff00])(
  'a table of dark addresses is a map, also when it is used again (mask %i)',
  (mask) => {
    // As small as it can be: keys of other kinds and days come to stand next to each other.
    const table = new DarkTable(2);
    fc.assert(
      fc.property(mixes, (rows) => expectDark(table, rows, mask)),
      { seed: 4, numRuns: 100 },
    );
  },
);

test('tables keep every row while they grow', () => {
  const random = createRandom('many rows');
  const rows = Array.from({ length: 12_000 }, () => ({
    ...{ fate: 0, version: 4, proto: 6, kind: 0, toolMarks: 0, srcPort: 1, wireLength: 60 },
    srcAddr: random.uint32() % 20_000,
    dstAddr: random.uint32() % 20_000,
    dstPort: random.pick([23, 445]),
    seconds: random.int(0, 7199),
  }));
  const flows = new FlowTable();
  const dark = new DarkTable();
  const before = [flows.rows.length, dark.rows.length];
  expectFlows(flows, rows);
  expectDark(dark, rows);
  expect(flows.rows.length).toBeGreaterThan(before[0]);
  expect(dark.rows.length).toBeGreaterThan(before[1]);
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
  expectFlows(new FlowTable(), rows);
  expectDark(new DarkTable(), rows);
});
