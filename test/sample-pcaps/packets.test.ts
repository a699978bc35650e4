// Frames built by name have the lengths and checksums that a receiver expects.
import { expect, test } from 'vitest';
import { addressNumber } from '../../sample-pcaps/addresses.ts';
import {
  arp,
  checksum,
  icmp,
  ip,
  pad,
  protocols,
  tcp,
  tcpFlags,
  tcpSyn,
  udp,
  vlan,
} from '../../sample-pcaps/packets.ts';

const view = (frame: Uint8Array) => new DataView(frame.buffer, frame.byteOffset, frame.length);
const text = (value: string) => new TextEncoder().encode(value);

/** The checksum over an IPv4 packet's transport header and body, pseudo header included: 0 where it is right. */
function transportSum(frame: Uint8Array): number {
  const body = frame.subarray(34);
  return checksum(frame.subarray(26, 34), Uint8Array.of(0, frame[23]!, body.length >>> 8, body.length & 0xff), body);
}

function transportSum6(frame: Uint8Array): number {
  const body = frame.subarray(54);
  return checksum(frame.subarray(22, 54), Uint8Array.of(0, frame[20]!, body.length >>> 8, body.length & 0xff), body);
}

test('the checksum of the example in RFC 1071 is right', () => {
  expect(checksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(~0xddf2 & 0xffff);
});

test('a whole frame is byte for byte what the RFCs ask for', () => {
  const fields = { srcAddr: '192.0.2.1', dstAddr: '198.51.100.7', srcPort: 1024, dstPort: 23, ipId: 1, window: 512 };
  expect(Buffer.from(tcpSyn({ ...fields, seq: 0x01020304 })).toString('hex')).toBe(
    '0200000000020200000000010800' +
      '450000280001000040068e93c0000201c6336407' +
      '04000017010203040000000050020200b9890000',
  );
});

test('a TCP SYN has 54 bytes, 58 with a segment size option, and 60 when padded', () => {
  expect(tcpSyn().length).toBe(54);
  expect(tcpSyn({ mss: 1460 }).length).toBe(58);
  expect(pad(tcpSyn()).length).toBe(60);
  expect(view(pad(tcpSyn())).getUint16(16)).toBe(40);
});

test('IPv4 header checksums are right', () => {
  for (const frame of [
    tcpSyn({ ipId: 54321, ttl: 33 }),
    udp(),
    icmp(),
    ip({ fragmentOffset: 185 }, 17, text('rest')),
  ]) {
    expect(checksum(frame.subarray(14, 34))).toBe(0);
  }
});

test('TCP, UDP and ICMP checksums are right, with payloads of odd length too', () => {
  for (const payload of [new Uint8Array(0), text('odd'), text('even')]) {
    expect(transportSum(tcp({ payload, mss: 1460, flags: tcpFlags.psh + tcpFlags.ack }))).toBe(0);
    expect(transportSum(udp({ payload }))).toBe(0);
    expect(checksum(icmp({ payload }).subarray(34))).toBe(0);
  }
});

test('TCP, UDP and ICMPv6 checksums over IPv6 are right', () => {
  const dstAddr = '2001:db8:64::17';
  for (const frame of [tcpSyn({ dstAddr }), udp({ dstAddr, payload: text('odd') }), icmp({ dstAddr })]) {
    expect(view(frame).getUint16(12)).toBe(0x86dd);
    expect(transportSum6(frame)).toBe(0);
  }
  expect(icmp({ dstAddr })[54]).toBe(128);
});

test('a UDP checksum that comes out as 0 travels as all ones', () => {
  // Each source port moves the sum by one, so one of them all makes it 0.
  const sums = Array.from({ length: 65536 }, (_, srcPort) => view(udp({ srcPort })).getUint16(40));
  expect(sums).toContain(0xffff);
  expect(sums).not.toContain(0);
});

test('named fields stand where they belong', () => {
  const frame = view(
    tcpSyn({ srcAddr: '1.2.3.4', dstAddr: '5.6.7.8', srcPort: 9, dstPort: 10, seq: 11, ipId: 12, ttl: 13 }),
  );
  expect([frame.getUint16(18), frame.getUint8(22), frame.getUint32(26), frame.getUint32(30)]).toEqual([
    12,
    13,
    addressNumber('1.2.3.4'),
    addressNumber('5.6.7.8'),
  ]);
  expect([frame.getUint16(34), frame.getUint16(36), frame.getUint32(38), frame.getUint8(47)]).toEqual([9, 10, 11, 2]);
});

test('a later fragment has an offset and no ports of its own', () => {
  const frame = view(ip({ fragmentOffset: 185, moreFragments: true }, protocols.udp, text('rest')));
  expect(frame.getUint16(20)).toBe(0x2000 | 185);
  expect(frame.byteLength).toBe(14 + 20 + 4);
});

test('a VLAN tag stands between the hardware addresses and the type', () => {
  const frame = view(vlan(tcpSyn(), 64));
  expect([frame.getUint16(12), frame.getUint16(14), frame.getUint16(16), frame.byteLength]).toEqual([
    0x8100, 64, 0x0800, 58,
  ]);
});

test('an ARP request asks everybody for one address', () => {
  const frame = view(arp({ srcAddr: '198.51.100.1', dstAddr: '198.51.100.9' }));
  expect([frame.getUint16(4), frame.getUint16(12), frame.getUint16(20)]).toEqual([0xffff, 0x0806, 1]);
  expect([frame.getUint32(28), frame.getUint32(38)]).toEqual([
    addressNumber('198.51.100.1'),
    addressNumber('198.51.100.9'),
  ]);
});

test('addresses that are none, or of two kinds, are refused', () => {
  expect(() => tcpSyn({ dstAddr: '198.51.100' })).toThrow('not an IPv4 address: 198.51.100');
  expect(() => tcpSyn({ dstAddr: '2001:db8::1::2' })).toThrow('not an IPv6 address: 2001:db8::1::2');
  expect(() => tcpSyn({ srcAddr: '192.0.2.1', dstAddr: '2001:db8::1' })).toThrow('one address is IPv4');
});
