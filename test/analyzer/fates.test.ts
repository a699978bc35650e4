// Fates: times that cannot be, addresses outside the darknet, and every way in which a frame may be cut or broken.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { monitoredAddresses } from '../../analyzer/decode/darknet.ts';
import { NO_TIME } from '../../collector/formats/frames.ts';
import { writePcap } from '../../sample-pcaps/captures.ts';
import { arp, ip, tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { countCapture, sumOf } from '../setup/counting.ts';
import { decode, prefix } from '../setup/decoding.ts';
import { everyKind } from '../setup/frame-kinds.ts';
import { laterFragment6, linkTypes } from '../setup/frames.ts';
import { ppi } from '../setup/frames-wireless.ts';

const kinds = everyKind();
const allLinkTypes = Object.values(linkTypes);

test('a time outside the accepted range is bad', () => {
  const at = (seconds: number) => decode(tcpSyn(), { seconds, earliest: 1000, latest: 2000 }).fate;
  expect([0, 999, 1000, 1999, 2000, NO_TIME].map(at)).toEqual([
    'badTime',
    'badTime',
    'counted',
    'counted',
    'badTime',
    'badTime',
  ]);
  expect(decode(tcpSyn(), { seconds: NO_TIME, latest: NO_TIME }).fate).toBe('badTime');
});

test('a frame that is broken as well as ill-timed is called broken', () => {
  expect(decode(arp(), { seconds: 0, earliest: 1 }).fate).toBe('notIp');
  expect(
    decode(tcpSyn({ dstAddr: '203.0.113.1' }), { seconds: 0, earliest: 1, darknet: [prefix('192.0.2.0/24')] }).fate,
  ).toBe('badTime');
});

test.each([
  {
    darknet: ['198.51.100.0/26'],
    inside: ['198.51.100.0', '198.51.100.63'],
    outside: ['198.51.99.255', '198.51.100.64', '0.0.0.0', '255.255.255.255'],
  },
  {
    darknet: ['198.51.100.77/26'],
    inside: ['198.51.100.64', '198.51.100.127'],
    outside: ['198.51.100.63', '198.51.100.128'],
  },
  { darknet: ['203.0.113.7/32'], inside: ['203.0.113.7'], outside: ['203.0.113.6', '203.0.113.8'] },
  { darknet: ['0.0.0.0/0'], inside: ['0.0.0.0', '255.255.255.255', '198.51.100.1'], outside: ['::', '2001:db8::1'] },
  {
    darknet: ['255.255.255.255/32', '0.0.0.0/32'],
    inside: ['0.0.0.0', '255.255.255.255'],
    outside: ['0.0.0.1', '255.255.255.254'],
  },
  {
    // Nested, adjacent and apart, and not in order.
    darknet: ['203.0.113.0/24', '10.1.0.0/16', '10.1.2.0/24', '10.2.0.0/16', '198.51.100.128/25'],
    inside: ['203.0.113.255', '10.1.0.0', '10.1.2.3', '10.2.255.255', '198.51.100.128'],
    outside: ['10.0.255.255', '10.3.0.0', '198.51.100.127', '203.0.112.255', '203.0.114.0'],
  },
  {
    darknet: ['2001:db8:64::77/64', '192.0.2.0/24'],
    inside: ['2001:db8:64::', '2001:db8:64:0:ffff:ffff:ffff:ffff', '192.0.2.9'],
    outside: ['2001:db8:64:1::', '2001:db8:63:ffff::1', '2001:db9:64::1', '192.0.3.0'],
  },
  {
    darknet: ['2001:db8::7/128'],
    inside: ['2001:db8::7'],
    outside: ['2001:db8::6', '2001:db8::1:7', '2001:db8:0:0:1::7'],
  },
  {
    darknet: ['2001:db8:8000::/33'],
    inside: ['2001:db8:8000::1', '2001:db8:ffff::'],
    outside: ['2001:db8:7fff::1', '192.0.2.1'],
  },
  { darknet: ['::/0'], inside: ['::', 'ffff::', '2001:db8::1'], outside: ['192.0.2.1'] },
])('a darknet of $darknet', ({ darknet, inside, outside }) => {
  const prefixes = darknet.map(prefix);
  for (const dstAddr of inside) expect(decode(udp({ dstAddr }), { darknet: prefixes }).fate, dstAddr).toBe('counted');
  for (const dstAddr of outside)
    expect(decode(udp({ dstAddr }), { darknet: prefixes }).fate, dstAddr).toBe('outsideDarknet');
});

test('monitored addresses are counted once, and only those of IPv4', () => {
  const count = (...texts: string[]) => monitoredAddresses(texts.map(prefix));
  expect(count('192.0.2.0/24')).toBe(256);
  expect(count('192.0.2.0/24', '192.0.2.128/25', '192.0.3.0/24', '192.0.2.0/24')).toBe(512);
  expect(count('192.0.2.1/32', '192.0.2.3/32', '2001:db8::/64')).toBe(2);
  expect(count('0.0.0.0/0', '10.0.0.0/8')).toBe(2 ** 32);
  expect(count()).toBe(0);
});

test('a frame cut before its ports end is truncated, one cut behind them is counted with its ports', () => {
  const wrong: string[] = [];
  for (const { name, frame, linkType, transportAt, needs, ...ports } of kinds) {
    // A SNAP header that is cut cannot be told from another protocol's.
    const fates = name.includes('SNAP') ? ['truncated', 'notIp'] : ['truncated'];
    // A private number means PKTAP only where PKTAP's header is found.
    if (linkType === linkTypes.user2) fates.push('unsupportedLink');
    for (let length = 0; length <= frame.length; length++) {
      const { fate, srcPort, dstPort } = decode(frame.subarray(0, length), { linkType });
      const counted = fate === 'counted' && srcPort === ports.srcPort && dstPort === ports.dstPort;
      const portsThere = length >= transportAt + needs;
      const right = portsThere ? counted : fates.includes(fate) || needs === 0;
      if (!right) wrong.push(`${name}, ${length} of ${frame.length} bytes: ${fate}, ${srcPort} to ${dstPort}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every link type that is decoded has its frames in these tests', () => {
  const ofEach = [...new Map(kinds.map((kind) => [kind.linkType, kind.frame])).values()];
  const isDecoded = (linkType: number) =>
    [new Uint8Array(0), ...ofEach].some((frame) => decode(frame, { linkType }).fate !== 'unsupportedLink');
  const decoded = Array.from({ length: 1024 }, (_, linkType) => linkType).filter(isDecoded);
  expect(decoded).toEqual([...new Set(kinds.map(({ linkType }) => linkType))].sort((a, b) => a - b));
  expect(decoded).toEqual([...allLinkTypes].sort((a, b) => a - b));
});

test('frames of every link type, cut at every length, are counted with fates that add up', () => {
  for (const linkType of allLinkTypes) {
    const cut = kinds
      .filter((kind) => kind.linkType === linkType)
      .flatMap(({ frame }) => Array.from(frame.keys(), (length) => frame.subarray(0, length)).concat(frame));
    const capture = writePcap(
      cut.map((frame) => ({ seconds: 1_577_836_800, nanos: 0, frame, wireLength: 1500 })),
      { linkType },
    );
    const { account, tables } = countCapture(capture);
    expect(account.frames, `link type ${linkType}`).toBe(cut.length);
    expect(account.counted + Object.values(account.fates).reduce((sum, frames) => sum + frames, 0)).toBe(cut.length);
    expect(Object.values(account.protocols).reduce((sum, frames) => sum + frames, 0)).toBe(cut.length);
    for (const table of ['flows', 'portHours', 'minutes', 'darkDays'])
      expect(sumOf(tables[table]!, 'packets')).toBe(account.counted);
    // All of a frame that is not cut is there, and at least one cut of each is not.
    expect(account.counted).toBeGreaterThan(0);
    expect(account.counted).toBeLessThan(cut.length);
  }
});

test('frames that are never counted are not counted when cut either', () => {
  const fragment = ip({ fragmentOffset: 9 }, 6, new Uint8Array(60));
  for (const frame of [arp(), fragment, laterFragment6(tcpSyn({ dstAddr: '2001:db8::1' }))]) {
    const { fate } = decode(frame);
    for (let length = 0; length < frame.length; length++) {
      expect([fate, 'truncated'], `${length} bytes`).toContain(decode(frame.subarray(0, length)).fate);
    }
  }
});

/** The longest record there may be, filled with the same header again and again. */
function nested(header: number[], linkType: number): { header: number[]; linkType: number; frame: Uint8Array } {
  const frame = new Uint8Array(262_144).map((_, index) => header[index % header.length]!);
  return { header, linkType, frame };
}

test.each([
  { what: 'VLAN tags', ...nested([0x81, 0x00, 0, 1], linkTypes.sll2) },
  { what: 'SNAP headers', ...nested([0, 100, 0xaa, 0xaa, 3, 0, 0, 0], linkTypes.ethernet) },
  { what: 'SNAP headers on ATM', ...nested([0xaa, 0xaa, 3, 0, 0, 0, 0, 100], linkTypes.atm) },
  {
    what: 'pseudowires',
    ...nested([0x88, 0x47, 0, 1, 1, 64, 0, 0, 0, 0, ...new Array(12).fill(2)], linkTypes.ethernet),
  },
  { what: 'MPLS labels', ...nested([0, 1, 0, 64], linkTypes.mpls) },
  { what: 'words of radiotap bits', ...nested([0, 0, 0xff, 0xff, 2, 0, 0, 0x80], linkTypes.radiotap) },
  { what: 'PPI headers', ...nested([0, 0, 8, 0, 192, 0, 0, 0], linkTypes.ppi) },
  { what: 'NFLOG fields', ...nested([2, 0, 4, 0], linkTypes.nflog) },
])('a frame of nothing but $what has a fate', ({ frame, header, linkType }) => {
  // Ethernet's addresses, and the start of other headers, decide which of the header's bytes comes first.
  for (let start = 0; start < header.length; start++) decode(frame.subarray(start), { linkType });
});

test('a header that names a link type is not followed into another of its kind', () => {
  const inside = ppi(ppi(tcpSyn(), linkTypes.ethernet), linkTypes.ppi);
  expect(decode(inside, { linkType: linkTypes.ppi }).fate).toBe('unsupportedLink');
});

test('any bytes on any link type have a fate', () => {
  const bytes = fc.uint8Array({ maxLength: 120 });
  fc.assert(
    fc.property(bytes, fc.constantFrom(...allLinkTypes), (frame, linkType) => {
      decode(frame, { linkType });
    }),
    { seed: 1, numRuns: 3000 },
  );
});

test('real frames with some of their bytes changed have a fate', () => {
  const change = fc.tuple(fc.nat(150), fc.constantFrom(0, 1, 0x45, 0x7f, 0x80, 0xff, 6, 44, 60));
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.array(change, { maxLength: 4 }),
      fc.nat(200),
      ({ frame, linkType }, changes, cut) => {
        const broken = new Uint8Array(frame);
        for (const [at, value] of changes) broken[at % broken.length] = value;
        decode(broken.subarray(0, cut), { linkType });
      },
    ),
    { seed: 2, numRuns: 5000 },
  );
});
