// Decoding: every link type and every header between it and the ports. Each kind of frame is counted with its ports as they are.
import { expect, test } from 'vitest';
import { arp, icmp, ip, protocols, tcpSyn, udp, vlan } from '../../sample-pcaps/packets.ts';
import { decode } from '../setup/decoding.ts';
import { everyKind } from '../setup/frame-kinds.ts';
import * as made from '../setup/frames.ts';

const { linkTypes } = made;
const later = ip({ fragmentOffset: 185, moreFragments: true }, protocols.udp, new Uint8Array(100));

test.each(everyKind())('$name is counted', ({ frame, linkType, version, proto, srcPort, dstPort }) => {
  expect(decode(frame, { linkType })).toMatchObject({ fate: 'counted', version, proto, srcPort, dstPort });
});

test('padding behind the packet changes nothing', () => {
  const padded = new Uint8Array(1500);
  padded.set(udp({ dstPort: 161 }));
  expect(decode(padded)).toMatchObject({ fate: 'counted', dstPort: 161 });
});

test('three VLAN tags are stepped over, the old 0x9100 among them', () => {
  const frame = vlan(vlan(vlan(tcpSyn(), 1), 2), 3);
  frame.set([0x91, 0x00], 12);
  expect(decode(frame).fate).toBe('counted');
});

test.each([2, 24, 28, 30])('loopback family %i is IP in either byte order', (family) => {
  const frame = family === 2 ? tcpSyn() : tcpSyn({ dstAddr: '2001:db8::1' });
  expect(decode(made.loopback(frame, true, family), { linkType: linkTypes.null }).fate).toBe('counted');
  expect(decode(made.loopback(frame, false, family), { linkType: linkTypes.null }).fate).toBe('counted');
});

test.each([
  { what: 'ARP', frame: arp() },
  { what: 'ARP behind a VLAN tag', frame: vlan(arp(), 9) },
  { what: 'ARP in SNAP', frame: made.snap(arp()) },
  { what: 'spanning tree', frame: made.ethernetWith(new Uint8Array(60), 38, [0x42, 0x42, 3]) },
  {
    what: 'PPPoE that carries its own control',
    frame: made.ethernetWith(tcpSyn(), 0x8864, [0x11, 0, 0, 9, 0, 42, 0xc0, 0x21]),
  },
  {
    what: 'PPP that carries its own control',
    frame: new Uint8Array([0xff, 3, 0xc0, 0x21, 1, 1]),
    linkType: linkTypes.ppp,
  },
  {
    what: 'Cisco HDLC that carries its own control',
    frame: new Uint8Array([0x8f, 0, 0x80, 0x35]),
    linkType: linkTypes.ciscoHdlc,
  },
  { what: 'MPLS that carries no IP', frame: made.ethernetWith(new Uint8Array(60).fill(0xf0), 0x8847, [0, 1, 1, 64]) },
  { what: 'a loopback family that is not IP', frame: made.loopback(tcpSyn(), true, 7), linkType: linkTypes.null },
  { what: 'SLL of ARP', frame: made.sll(arp()), linkType: linkTypes.sll },
  { what: 'SLL2 of ARP', frame: made.sll2(arp()), linkType: linkTypes.sll2 },
  { what: 'SLL of netlink', frame: made.sll(tcpSyn(), 824), linkType: linkTypes.sll },
  { what: 'SLL2 of netlink', frame: made.sll2(tcpSyn(), 824), linkType: linkTypes.sll2 },
])('$what is not IP', ({ frame, linkType = linkTypes.ethernet }) => {
  expect(decode(frame, { linkType })).toMatchObject({ fate: 'notIp', version: 0 });
});

test.each([2, 11, 13, 15, 102, 103, 147, 182, 195, 253, 281, 285, 0xffff])(
  'link type %i is not decoded',
  (linkType) => {
    expect(decode(tcpSyn(), { linkType })).toMatchObject({ fate: 'unsupportedLink', version: 0 });
  },
);

test('a first fragment has its ports, a later one has none', () => {
  const first = tcpSyn({ moreFragments: true, dstPort: 23, payload: new Uint8Array(60) });
  expect(decode(first)).toMatchObject({ fate: 'counted', dstPort: 23 });
  expect(decode(later)).toMatchObject({ fate: 'laterFragment', version: 4, proto: 17 });
  expect(decode(ip({ fragmentOffset: 1 }, protocols.tcp, new Uint8Array(100))).fate).toBe('laterFragment');
  expect(decode(ip({ fragmentOffset: 0x1000 }, 47, new Uint8Array(100))).fate).toBe('laterFragment');
  const frame = udp({ dstAddr: '2001:db8::1', payload: new Uint8Array(100) });
  expect(decode(made.withExtensions(frame, [44]))).toMatchObject({ fate: 'counted', dstPort: 53 });
  expect(decode(made.laterFragment6(frame))).toMatchObject({ fate: 'laterFragment', version: 6, proto: 17 });
});

/** The IPv4 packet with one of its header's bytes changed, and as much of it as its total length says. */
function ipv4With(change: (packet: DataView) => void, frame = udp({ payload: new Uint8Array(40) })): Uint8Array {
  const copy = new Uint8Array(frame);
  change(new DataView(copy.buffer, 14));
  return copy;
}

test('an IPv4 header that contradicts itself is bad', () => {
  const bad = [
    ipv4With((packet) => packet.setUint8(0, 0x44)), // a header of 16 bytes
    ipv4With((packet) => packet.setUint8(0, 0x40)),
    ipv4With((packet) => packet.setUint16(2, 19)), // a packet shorter than its header
    ipv4With((packet) => packet.setUint16(2, 23)), // the packet ends within its own ports
    ipv4With((packet) => packet.setUint8(0, 0x25)), // version 2
    ipv4With((packet) => packet.setUint8(0, 0x05)),
  ];
  for (const frame of bad) expect(decode(frame).fate).toBe('badHeader');
  const ipv6InItsPlace = ipv4With((packet) => packet.setUint8(0, 0x60));
  expect(decode(ipv6InItsPlace).version).toBe(6);
});

test('ports that stand behind the total length are not read', () => {
  const frame = ipv4With((packet) => packet.setUint16(2, 22));
  expect(decode(frame)).toMatchObject({ fate: 'badHeader', version: 4, proto: 17 });
});

test('a length of 0 is what offloading leaves: the frame says how long the packet is', () => {
  expect(decode(ipv4With((packet) => packet.setUint16(2, 0)))).toMatchObject({ fate: 'counted', dstPort: 53 });
  const six = udp({ dstAddr: '2001:db8::1' });
  new DataView(six.buffer, 14).setUint16(4, 0);
  expect(decode(six)).toMatchObject({ fate: 'counted', dstPort: 53 });
});

test('an IPv6 packet that ends within its own headers is bad, one that the capture cut is truncated', () => {
  const whole = made.withExtensions(icmp({ dstAddr: '2001:db8::1', payload: new Uint8Array(40) }), [60]);
  const shorter = new Uint8Array(whole);
  new DataView(shorter.buffer, 14).setUint16(4, 10);
  expect(decode(shorter).fate).toBe('badHeader');
  expect(decode(whole.subarray(0, 14 + 40 + 10)).fate).toBe('truncated');
});

test('TCP whose flags are cut is counted with its ports, and nothing says what it is', () => {
  const cut = tcpSyn({ dstPort: 23, seq: 1 }).subarray(0, 34 + 13);
  expect(decode(cut)).toMatchObject({ fate: 'counted', dstPort: 23, kind: 'other', toolMarks: 0 });
  expect(decode(tcpSyn({ dstPort: 23 }).subarray(0, 34 + 14))).toMatchObject({ fate: 'counted', kind: 'scan' });
});
