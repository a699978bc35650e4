// What stands in a unit's blocks, row by row: ports, hours, days, dark addresses, minutes heard, large sums.
import { expect, test } from 'vitest';
import { type CapturedFrame, writePcap } from '../../sample-pcaps/captures.ts';
import { arp, icmp, tcp, tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { countCapture } from '../setup/counting.ts';
import { prefix } from '../setup/decoding.ts';

const dstAddr6 = '2001:db8:64::17';
const noon = 1_577_880_000; // 2020-01-01 12:00 UTC
const at = (seconds: number, frame: Uint8Array, wireLength = frame.length) => ({
  seconds,
  nanos: 0,
  frame,
  wireLength,
});
const rows = (table: string, captured: CapturedFrame[], changes = {}) =>
  countCapture(writePcap(captured), changes).tables[table];
const [scan, backscatter, other] = [1, 2, 3];

test('backscatter carries both ports, everything else only the destination', () => {
  const captured = [
    at(noon, tcp({ flags: 18, srcPort: 80, dstPort: 4242 })),
    at(noon, tcpSyn({ srcPort: 40_000, dstPort: 23 })),
    at(noon, tcpSyn({ srcPort: 50_000, dstPort: 23 })),
    at(noon, tcp({ flags: 16, srcPort: 1, dstPort: 2 })),
    at(noon, icmp({ type: 3, code: 1 })),
    at(noon, icmp({ type: 8 })),
  ];
  const seen = rows('flows', captured).map(({ kind, proto, srcPort, dstPort, packets }) => [
    kind,
    proto,
    srcPort,
    dstPort,
    packets,
  ]);
  const expected = [
    [backscatter, 6, 80, 4242, 1],
    [scan, 6, 0, 23, 2],
    [other, 6, 0, 2, 1],
    [backscatter, 1, 0x301, 0x301, 1],
    [scan, 1, 0, 0x800, 1],
  ];
  expect(seen.sort()).toEqual(expected.sort());
});

test('ports by the hour are sums over flows; backscatter stands under the service under attack', () => {
  const captured = [
    at(noon, tcp({ flags: 18, srcPort: 443, dstPort: 4242 })),
    at(noon + 5, tcp({ flags: 18, srcPort: 80, dstPort: 9, srcAddr: '192.0.2.9' })),
    at(noon + 9, tcp({ flags: 18, srcPort: 443, dstPort: 17 })),
    at(noon + 3600, tcp({ flags: 18, srcPort: 443, dstPort: 17 })),
    at(noon, tcpSyn({ srcPort: 40_000, dstPort: 23 })),
    at(noon + 3599, tcpSyn({ srcPort: 50_000, dstPort: 23, srcAddr: '192.0.2.9' })),
    at(noon, tcpSyn({ srcPort: 50_000, dstPort: 443 })),
    at(noon, udp({ dstPort: 23 })),
  ];
  const day = Math.floor(noon / 86_400);
  const length = captured[0]?.frame.length ?? 0;
  const row = (
    hour: number,
    kind: number,
    proto: number,
    dstPort: number,
    packets: number,
    bytes = packets * length,
  ) => {
    return { day, hour, kind, proto, dstPort, packets, bytes };
  };
  expect(rows('portHours', captured)).toEqual([
    row(noon, scan, 6, 23, 2),
    row(noon, scan, 6, 443, 1),
    row(noon, scan, 17, 23, 1, captured[7]?.frame.length),
    row(noon, backscatter, 6, 80, 1),
    row(noon, backscatter, 6, 443, 2),
    row(noon + 3600, backscatter, 6, 443, 1),
  ]);
});

test('the minutes of backscatter are of the category of the service under attack', () => {
  const captured = [
    at(noon, tcp({ flags: 18, srcPort: 3389, dstPort: 23 })),
    at(noon + 60, tcpSyn({ srcPort: 3389, dstPort: 23 })),
  ];
  expect(rows('minutes', captured)).toEqual([
    { minute: noon, kind: backscatter, category: 'rdp', packets: 1, bytes: 54 },
    { minute: noon + 60, kind: scan, category: 'iot/telnet', packets: 1, bytes: 54 },
  ]);
});

test('a flow has the hour, the source and the first and last second of its packets', () => {
  const frame = udp({ srcAddr: '2001:db8::5', dstAddr: dstAddr6, dstPort: 161 });
  const captured = [noon + 3599, noon + 7, noon + 3600, noon + 8].map((seconds) => at(seconds, frame, 100));
  const flow = { kind: scan, proto: 17, dstPort: 161, srcPort: 0, srcAddr: '2001:db8:0:0:0:0:0:5', toolMarks: 0 };
  expect(rows('flows', captured).sort((a, b) => Number(a.hour) - Number(b.hour))).toEqual([
    { ...flow, hour: noon, packets: 3, bytes: 300, first: noon + 7, last: noon + 3599 },
    { ...flow, hour: noon + 3600, packets: 1, bytes: 100, first: noon + 3600, last: noon + 3600 },
  ]);
});

test('bytes are exact beyond 32 bits', () => {
  const captured = Array.from({ length: 1000 }, () => at(noon, tcpSyn(), 0xffffffff));
  for (const table of ['flows', 'portHours', 'darkDays', 'minutes', 'fateHours']) {
    expect(rows(table, captured)[0].bytes, table).toBe(1000 * 0xffffffff);
  }
});

test("days are cut in the sensor's time zone", () => {
  const newYear = Date.UTC(2020, 0, 1) / 86_400_000;
  const captured = [14, 15, 23, 24].map((hour) => at((newYear - 1) * 86_400 + hour * 3600, tcpSyn()));
  const days = (timeZone: string) => rows('darkDays', captured, { timeZone }).map(({ day, packets }) => [day, packets]);
  expect(days('UTC').sort()).toEqual([
    [newYear - 1, 3],
    [newYear, 1],
  ]);
  expect(days('Asia/Tokyo').sort()).toEqual([
    [newYear - 1, 1],
    [newYear, 3],
  ]);
  expect(days('America/New_York').sort()).toEqual([[newYear - 1, 4]]);
});

test('dark addresses are kept one by one up to a /16, by /24 above it, and those of IPv6 always whole', () => {
  const captured = ['10.1.2.3', '10.1.2.4', '10.1.3.1', '2001:db8:64::1', '2001:db8:64::2'].map((dstAddr) =>
    at(noon, udp({ dstAddr })),
  );
  const addresses = (...texts: string[]) => {
    return rows('darkDays', captured, { darknet: texts.map(prefix) })
      .map(({ dstAddr, packets }) => `${dstAddr}: ${packets}`)
      .sort();
  };
  expect(addresses('10.1.0.0/16')).toEqual(['10.1.2.3: 1', '10.1.2.4: 1', '10.1.3.1: 1']);
  expect(addresses('10.1.0.0/16', '192.0.2.1/32', '2001:db8:64::/64')).toEqual([
    '10.1.2.0: 2',
    '10.1.3.0: 1',
    '2001:db8:64:0:0:0:0:1: 1',
    '2001:db8:64:0:0:0:0:2: 1',
  ]);
  expect(addresses()).toHaveLength(5);
});

test.each([
  { minutes: Array.from({ length: 60 }, (_, minute) => minute), heardMinutes: String(2n ** 60n - 1n) },
  { minutes: [59, 1], heardMinutes: String(2n ** 59n + 2n) },
  { minutes: [31], heardMinutes: 2 ** 31 },
  { minutes: [32, 29], heardMinutes: 2 ** 32 + 2 ** 29 },
])('the minutes $minutes are heard, each of them', ({ minutes, heardMinutes }) => {
  const captured = minutes.map((minute) => at(noon + 60 * minute, tcpSyn()));
  expect(rows('coverage', captured)).toEqual([{ hour: noon, heardMinutes, monitoredAddresses: 0 }]);
});

test('coverage tells the minutes heard and the addresses monitored; a frame with a bad time tells neither', () => {
  const captured = [
    at(noon, arp()),
    at(noon + 29 * 60, tcpSyn()),
    at(noon + 30 * 60, tcpSyn()),
    at(noon + 3599, tcpSyn()),
    at(5, tcpSyn()),
  ];
  const changes = { earliest: 1000, darknet: [prefix('198.51.100.0/25')] };
  const heardMinutes = String(2n ** 0n + 2n ** 29n + 2n ** 30n + 2n ** 59n);
  expect(rows('coverage', captured, changes)).toEqual([{ hour: noon, heardMinutes, monitoredAddresses: 128 }]);
  const { firstHour, lastHour } = countCapture(writePcap(captured), changes).account;
  expect([firstHour, lastHour]).toEqual([noon / 3600, noon / 3600]);
  expect(countCapture(writePcap([at(5, tcpSyn())]), changes).account.firstHour).toBeNull();
});
