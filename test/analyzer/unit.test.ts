// A unit's account and blocks: they agree with each other, whatever the frames, their order and the cut between units.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnitCounter } from '../../analyzer/unit.ts';
import { openCapture, walkRecords } from '../../collector/formats/capture.ts';
import { type CapturedFrame, writePcap, writePcapng } from '../../sample-pcaps/captures.ts';
import { arp, icmp, ip, tcp, tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { createRandom } from '../../sample-pcaps/random.ts';
import {
  analyzerConfig,
  type Counted,
  countCapture,
  countUnit,
  merged,
  sorted,
  sumOf,
  viewOf,
} from '../setup/counting.ts';
import { prefix } from '../setup/decoding.ts';

const dstAddr6 = '2001:db8:64::17';
const noon = 1_577_880_000; // 2020-01-01 12:00 UTC

/** Frames of every fate, and more than one of most flows. */
const mix: fc.Arbitrary<CapturedFrame> = fc.record({
  seconds: fc.constantFrom(0, noon, noon + 59, noon + 60, noon + 3599, noon + 3600, noon + 86_400, 0xfffffffe),
  nanos: fc.constant(0),
  frame: fc.constantFrom(
    tcpSyn({ dstPort: 23 }),
    tcpSyn({ dstPort: 23, srcAddr: '192.0.2.9' }),
    tcp({ flags: 18, srcPort: 80, dstPort: 4242 }),
    udp({ dstPort: 53, dstAddr: '198.51.100.2' }),
    udp({ dstPort: 53, dstAddr: dstAddr6 }),
    udp({ srcPort: 53, dstAddr: dstAddr6, srcAddr: '2001:db8::5' }),
    icmp({ type: 3 }),
    icmp({ dstAddr: dstAddr6 }),
    ip({}, 47, new Uint8Array(4)),
    ip({ fragmentOffset: 4 }, 17, new Uint8Array(40)),
    tcpSyn({ dstAddr: '203.0.113.1' }),
    tcpSyn().subarray(0, 30),
    arp(),
    Uint8Array.of(...tcpSyn().subarray(0, 14), 0x41, ...tcpSyn().subarray(15)),
  ),
  wireLength: fc.constantFrom(60, 1500, 0xffffffff),
});
const mixes = fc.array(mix, { maxLength: 60 });
const settings = { latest: 0xf0000000, darknet: ['198.51.100.0/24', '2001:db8:64::/64'].map(prefix) };
const tables = ['flows', 'portHours', 'darkDays', 'minutes', 'fateHours', 'coverage'];

function expectBalance(
  { account, tables: { flows, portHours, minutes, darkDays, fateHours } }: Counted,
  captured: CapturedFrame[],
): void {
  const { frames, counted, fates, protocols } = account;
  expect(frames).toBe(captured.length);
  expect(counted + Object.values(fates).reduce((sum, number) => sum + number, 0)).toBe(frames);
  expect(Object.values(protocols).reduce((sum, number) => sum + number, 0)).toBe(frames);
  const countedRows = fateHours.filter(({ fate }) => fate === 'counted');
  for (const table of [flows, portHours, minutes, darkDays]) {
    expect(sumOf(table, 'packets')).toBe(counted);
    expect(sumOf(table, 'bytes')).toBe(sumOf(countedRows, 'bytes'));
  }
  expect(sumOf(fateHours, 'frames')).toBe(frames);
  expect(sumOf(countedRows, 'frames')).toBe(counted);
  expect(sumOf(fateHours, 'bytes')).toBe(captured.reduce((sum, { wireLength = 0 }) => sum + wireLength, 0));
  for (const [fate, number] of Object.entries(fates)) {
    expect(
      sumOf(
        fateHours.filter((row) => row.fate === fate),
        'frames',
      ),
    ).toBe(number);
  }
}

test('frames are the counted and all other fates, and every block adds up to the account', () => {
  fc.assert(
    fc.property(mixes, (captured) => expectBalance(countCapture(writePcap(captured), settings), captured)),
    { seed: 5, numRuns: 150 },
  );
});

test('more frames than a batch holds balance too', () => {
  const captured = fc.sample(mix, { seed: 6, numRuns: 10_000 });
  const counted = countCapture(writePcapng(captured), settings);
  expectBalance(counted, captured);
  expect(Object.keys(counted.account.fates).sort()).toEqual(
    ['badHeader', 'badTime', 'laterFragment', 'notIp', 'outsideDarknet', 'truncated'].sort(),
  );
});

test('the same packets in any order give the same rows', () => {
  const captured = fc.sample(mix, { seed: 7, numRuns: 500 });
  const first = countCapture(writePcap(captured), settings);
  for (const seed of ['one', 'two', 'three']) {
    const other = countCapture(writePcap(createRandom(seed).shuffle([...captured])), settings);
    for (const table of tables) expect(sorted(other.tables[table]), table).toEqual(sorted(first.tables[table]));
    expect(other.account).toEqual(first.account);
  }
});

test('two units of a capture add up to the whole of it, wherever it is cut', () => {
  const captured = fc.sample(mix, { seed: 8, numRuns: 300 });
  const capture = writePcap(captured);
  const whole = countCapture(capture, settings);
  const { context, at } = openCapture(viewOf(capture), 0, capture.length);
  // One counter for all of them: nothing of a unit may remain for the next.
  const counter = new UnitCounter(analyzerConfig(settings));
  for (const about of [24, 25, 5000, 9000, capture.length - 1]) {
    const middle = walkRecords(viewOf(capture), at, about, capture.length, context).at;
    const parts = [
      countUnit(counter, capture, at, middle, context),
      countUnit(counter, capture, middle, capture.length, context),
    ];
    for (const table of tables.filter((name) => name !== 'coverage')) {
      expect(merged(parts.flatMap((part) => part.tables[table])), table).toEqual(sorted(whole.tables[table]));
    }
    const [one, two] = parts.map(({ account }) => account);
    expect([one.frames + two.frames, one.counted + two.counted]).toEqual([whole.account.frames, whole.account.counted]);
    for (const [name, frames] of Object.entries(whole.account.protocols)) {
      expect(one.protocols[name] + two.protocols[name], name).toBe(frames);
    }
  }
});

test('frames are told apart by their outermost protocol, whatever becomes of them', () => {
  const frames = [tcpSyn(), tcp(), udp(), icmp(), ip({}, 47, new Uint8Array(4)), ip({}, 58, new Uint8Array(8))];
  frames.push(
    tcpSyn({ dstAddr: dstAddr6 }),
    udp({ dstAddr: dstAddr6 }),
    icmp({ dstAddr: dstAddr6 }),
    icmp({ dstAddr: dstAddr6, type: 3 }),
    arp(),
  );
  frames.push(ip({ dstAddr: dstAddr6 }, 1, new Uint8Array(8)), ip({ fragmentOffset: 4 }, 17, new Uint8Array(40)));
  const captured = frames.map((frame) => ({ seconds: 0, nanos: 0, frame }));
  const { protocols, counted } = countCapture(writePcap(captured)).account;
  expect(counted).toBe(0);
  expect(protocols).toEqual({
    ...{ ipv4Tcp: 2, ipv4Udp: 2, ipv4Icmp: 1, ipv4Other: 2 },
    ...{ ipv6Tcp: 1, ipv6Udp: 1, ipv6Icmpv6: 2, ipv6Other: 1, noIp: 1 },
  });
});
