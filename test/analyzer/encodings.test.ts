// Invariant: the same packets give the same sums, in whatever order, split over whatever files, written in whatever way.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnitCounter } from '../../analyzer/unit.ts';
import { compressionOf } from '../../collector/compression/compressions.ts';
import { type CapturedFrame, writePcap, writePcapng } from '../../sample-pcaps/captures.ts';
import { arp, icmp, ip, tcp, tcpSyn, udp, vlan } from '../../sample-pcaps/packets.ts';
import { createRandom } from '../../sample-pcaps/random.ts';
import { COMPRESSORS, zstdFrame } from '../setup/compressing.ts';
import { analyzerConfig, merged, type Row, rowsOf } from '../setup/counting.ts';
import { eachUnit } from '../setup/cutting.ts';
import { prefix } from '../setup/decoding.ts';
import { memorySource } from '../setup/streams.ts';

const dstAddr6 = '2001:db8:64::17';
const noon = 1_577_880_000; // 2020-01-01 12:00 UTC

const packet: fc.Arbitrary<CapturedFrame> = fc.record({
  seconds: fc.oneof(
    fc.constantFrom(0, noon + 3599, noon + 3600, 0xfffffffe),
    fc.integer({ min: noon, max: noon + 200_000 }),
  ),
  nanos: fc.constantFrom(0, 999, 1000, 999_999_999),
  frame: fc.constantFrom(
    tcpSyn({ dstPort: 23 }),
    tcpSyn({ dstPort: 23, srcAddr: '192.0.2.9' }),
    tcpSyn({ dstPort: 445, dstAddr: '203.0.113.1' }),
    tcp({ flags: 18, srcPort: 80, dstPort: 4242 }),
    udp({ dstPort: 53, dstAddr: '198.51.100.2' }),
    udp({ srcPort: 53, dstAddr: dstAddr6, srcAddr: '2001:db8::5' }),
    icmp({ type: 3 }),
    icmp({ dstAddr: dstAddr6 }),
    vlan(ip({}, 47, new Uint8Array(5)), 7),
    ip({ fragmentOffset: 4 }, 17, new Uint8Array(40)),
    tcpSyn().subarray(0, 30),
    arp(),
  ),
  wireLength: fc.constantFrom(60, 1500, 0xffffffff),
});

interface Encoding {
  pcapng: boolean;
  bigEndian: boolean;
  /** The value of if_tsresol: micro- or nanoseconds, or a power of two fine enough for whole seconds. */
  resolution: number;
  compress: (file: Uint8Array) => Promise<Uint8Array>;
}
const encoding: fc.Arbitrary<Encoding> = fc.record({
  pcapng: fc.boolean(),
  bigEndian: fc.boolean(),
  resolution: fc.constantFrom(6, 9, 0x8a),
  compress: fc.constantFrom(
    async (file: Uint8Array) => file,
    async (file: Uint8Array) => zstdFrame(file),
    ...COMPRESSORS.map(({ compress }) => compress),
  ),
});

/** Every file's share of the packets, in a random order. */
const cases = fc.record({
  packets: fc.array(packet, { maxLength: 60 }),
  files: fc.array(encoding, { minLength: 1, maxLength: 6 }),
  order: fc.string({ maxLength: 8 }),
});

async function encoded(packets: CapturedFrame[], encoding: Encoding): Promise<Uint8Array> {
  const { pcapng, bigEndian, resolution, compress } = encoding;
  const file = pcapng
    ? writePcapng(packets, { bigEndian, timeResolution: resolution })
    : writePcap(packets, { bigEndian, nanoseconds: resolution === 9 });
  return await compress(file);
}

const config = { latest: 0xf0000000, darknet: ['198.51.100.0/24', '2001:db8:64::/64'].map(prefix) };

const counters = [1, 2, 3, 4].map(() => new UnitCounter(analyzerConfig(config)));

/** The tables of all files together: the files go to as many counters in turn, as units go to worker threads. */
async function tablesOf(files: Uint8Array[], workers: number): Promise<Record<string, Row[]>> {
  const rows: Record<string, Row[]> = Object.fromEntries(
    ['flows', 'portHours', 'darkDays', 'minutes', 'fateHours', 'coverage'].map((table) => [table, []]),
  );
  for (const [number, file] of files.entries()) {
    const bytes = memorySource(file);
    const { damage } = await eachUnit(compressionOf(file)?.open(bytes) ?? bytes, ({ slot, from, to, context }) => {
      const { blocks } = counters[number % workers]!.count(new DataView(slot.buffer), from, to, context);
      for (const block of blocks) rows[block.table]!.push(...rowsOf(block));
    });
    expect(damage).toBeUndefined();
  }
  const sums = Object.entries(rows).map(([table, its]) => [table, table === 'coverage' ? heard(its) : merged(its)]);
  return Object.fromEntries(sums);
}

/** Minutes in which something was heard, by hour: a minute heard twice is heard. */
function heard(rows: Row[]): Row[] {
  const byHour = new Map<string, bigint>();
  for (const { hour, monitoredAddresses, heardMinutes } of rows) {
    const key = `${hour} ${monitoredAddresses}`;
    byHour.set(key, (byHour.get(key) ?? 0n) | BigInt(heardMinutes));
  }
  return [...byHour].sort().map(([key, minutes]) => ({ key, minutes: String(minutes) }));
}

test('shuffled, split over files and written in other ways, packets give the same tables', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.constantFrom(1, 4), async ({ packets, files, order }, workers) => {
      const random = createRandom(order);
      const parts = files.map((): CapturedFrame[] => []);
      for (const one of random.shuffle([...packets])) random.pick(parts).push(one);
      const expected = await tablesOf([writePcap(packets)], 1);
      const found = await tablesOf(
        await Promise.all(files.map((its, number) => encoded(parts[number]!, its))),
        workers,
      );
      expect(found).toEqual(expected);
    }),
    { seed: 11, numRuns: 120 },
  );
});
