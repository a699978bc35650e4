// Kinds (scan, backscatter, other) of packets, and the marks that tools leave on them.
import { describe, expect, test } from 'vitest';
import { ICMP_RULES, ICMPV6_RULES, KINDS, TCP_RULES, UDP_REFLECTORS } from '../../analyzer/classify/kinds.ts';
import { MASSCAN, MIRAI, TOOLS, ZMAP } from '../../analyzer/classify/tools.ts';
import { addressNumber } from '../../sample-pcaps/addresses.ts';
import { writePcap } from '../../sample-pcaps/captures.ts';
import { icmp, ip, tcp, tcpFlags, tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { countCapture } from '../setup/counting.ts';
import { decode } from '../setup/decoding.ts';

/** The rules for TCP in words, each flag by name. */
function kindInWords(flags: number): string {
  const has = (name: keyof typeof tcpFlags) => (flags & tcpFlags[name]) !== 0;
  const only = (...names: (keyof typeof tcpFlags)[]) => {
    return (Object.keys(tcpFlags) as (keyof typeof tcpFlags)[]).every((name) => has(name) === names.includes(name));
  };
  if ((has('syn') && has('ack')) || has('rst')) return 'backscatter';
  if (has('syn') && !has('ack') && !has('rst') && !has('fin')) return 'scan';
  if (only('fin') || only() || only('fin', 'psh', 'urg')) return 'scan';
  return 'other';
}

test.each(['192.0.2.1', '2001:db8::1'])('all 256 combinations of TCP flags from %s', (srcAddr) => {
  for (let flags = 0; flags < 256; flags++)
    expect(decode(tcp({ srcAddr, flags })).kind, `flags ${flags}`).toBe(kindInWords(flags));
});

test('the usual segments have the kind their name says', () => {
  const { syn, ack, rst, psh, fin } = tcpFlags;
  const cases = {
    scan: [syn, 0, fin],
    backscatter: [syn | ack, rst, rst | ack],
    other: [ack, psh | ack, fin | ack, syn | fin],
  };
  for (const [kind, all] of Object.entries(cases))
    for (const flags of all) expect(decode(tcp({ flags })).kind).toBe(kind);
});

test('all ICMP types', () => {
  const backscatter = [0, 3, 4, 5, 11, 12, 14, 16, 18];
  const scan = [8, 13, 15, 17];
  for (let type = 0; type < 256; type++) {
    const kind = backscatter.includes(type) ? 'backscatter' : scan.includes(type) ? 'scan' : 'other';
    expect(decode(icmp({ type })).kind, `type ${type}`).toBe(kind);
  }
});

test('all ICMPv6 types', () => {
  const backscatter = [1, 2, 3, 4, 129];
  const scan = [128, 139];
  for (let type = 0; type < 256; type++) {
    const kind = backscatter.includes(type) ? 'backscatter' : scan.includes(type) ? 'scan' : 'other';
    expect(decode(icmp({ type, dstAddr: '2001:db8::1' })).kind, `type ${type}`).toBe(kind);
  }
});

test('UDP is a request, except from services that answer larger than they are asked', () => {
  const reflectors = [53, 17, 19, 123, 161, 389, 1900, 11211];
  for (let srcPort = 0; srcPort < 2000; srcPort++) {
    const kind = reflectors.includes(srcPort) ? 'backscatter' : 'scan';
    expect(decode(udp({ srcPort, dstPort: 40_000 })).kind, `from ${srcPort}`).toBe(kind);
  }
  expect(decode(udp({ srcPort: 11_211, dstPort: 1 })).kind).toBe('backscatter');
  expect(decode(udp({ srcPort: 40_000, dstPort: 53 })).kind).toBe('scan');
});

test('between equal ports NTP and SNMP are requests, DNS stays an answer', () => {
  const between = (port: number) => decode(udp({ srcPort: port, dstPort: port })).kind;
  expect([53, 123, 161, 1900].map(between)).toEqual(['backscatter', 'scan', 'scan', 'scan']);
});

test('other protocols are of no kind', () => {
  for (const protocol of [2, 47, 50, 132]) expect(decode(ip({}, protocol, new Uint8Array(20))).kind).toBe('other');
});

test('every rule has a kind and a reason', () => {
  for (const { kind, why } of [...TCP_RULES, ...ICMP_RULES, ...ICMPV6_RULES]) {
    expect(KINDS[kind]).toBeDefined();
    expect(why.length).toBeGreaterThan(5);
  }
  for (const { why } of [...UDP_REFLECTORS, ...TOOLS]) expect(why.length).toBeGreaterThan(5);
});

describe('marks of tools', () => {
  const dstAddr = '198.51.100.77';
  const dst = addressNumber(dstAddr);
  // None of the three by chance: the plain SYN bears no mark.
  const plain = { dstAddr, dstPort: 2323, seq: 0x01020304, ipId: 1 };
  const masscanId = (dst ^ 2323 ^ 0x01020304) & 0xffff;

  test.each([
    { what: 'nothing', fields: {}, marks: 0 },
    { what: 'Mirai: the sequence number is the destination', fields: { seq: dst }, marks: MIRAI },
    { what: 'Masscan: address, port and sequence number give the id', fields: { ipId: masscanId }, marks: MASSCAN },
    { what: 'ZMap: its number as id', fields: { ipId: 54_321 }, marks: ZMAP },
    { what: 'Mirai and ZMap', fields: { seq: dst, ipId: 54_321 }, marks: MIRAI | ZMAP },
    { what: 'Mirai and Masscan', fields: { seq: dst, ipId: 2323 }, marks: MIRAI | MASSCAN },
    { what: 'a bit off Mirai', fields: { seq: dst ^ 0x80000000 }, marks: 0 },
    { what: 'a bit off Masscan', fields: { ipId: masscanId ^ 1 }, marks: 0 },
    { what: 'folded instead of truncated', fields: { seq: 0, ipId: ((dst >>> 16) ^ dst ^ 2323) & 0xffff }, marks: 0 },
  ])('$what', ({ fields, marks }) => {
    expect(decode(tcpSyn({ ...plain, ...fields })).toolMarks).toBe(marks);
  });

  test('only SYNs without ACK, RST and FIN bear marks, and only over IPv4', () => {
    const marked = { ...plain, seq: dst, ipId: 54_321 };
    const { syn, ack, rst, fin, psh, urg } = tcpFlags;
    for (const flags of [syn | ack, syn | rst, syn | fin, ack, rst, 0])
      expect(decode(tcp({ ...marked, flags })).toolMarks).toBe(0);
    for (const flags of [syn, syn | psh, syn | urg, syn | 0x40])
      expect(decode(tcp({ ...marked, flags })).toolMarks).toBe(MIRAI | ZMAP);
    decode(tcpSyn(marked));
    expect(decode(udp({ dstAddr, ipId: 54_321 })).toolMarks).toBe(0);
    expect(decode(tcpSyn({ dstAddr: '2001:db8::1', seq: 0 })).toolMarks).toBe(0);
  });

  test("from March 2024 on ZMap's mark proves nothing, the others stay", () => {
    const ends = Date.UTC(2024, 2, 1) / 1000;
    const frame = tcpSyn({ ...plain, seq: dst, ipId: 54_321 });
    const captured = [ends - 1, ends].map((seconds) => ({ seconds, nanos: 0, frame }));
    const { flows } = countCapture(writePcap(captured)).tables;
    expect(flows.map(({ first, toolMarks }) => [first, toolMarks]).sort()).toEqual([
      [ends - 1, MIRAI | ZMAP],
      [ends, MIRAI],
    ]);
  });
});
