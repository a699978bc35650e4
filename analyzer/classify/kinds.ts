// What a packet is: scan, backscatter or other. Each rule is a row with its reason, compiled into lookup arrays;
// `umbrascope classify` prints the same rows. Order: backscatter before scan before other (corsaro's order).
import { ACK, FIN, PSH, RST, SYN, URG } from '../decode/tcp.ts';

export const KINDS = ['scan', 'backscatter', 'other'] as const;
export type Kind = (typeof KINDS)[number];

export const SCAN = 0;
export const BACKSCATTER = 1;
export const OTHER = 2;

/** TCP: the flags in `mask` must equal `flags`. The first row that fits decides. */
export const TCP_RULES = [
  {
    mask: SYN | ACK,
    flags: SYN | ACK,
    kind: BACKSCATTER,
    why: 'SYN-ACK: a victim answers a SYN with our forged address',
  },
  { mask: RST, flags: RST, kind: BACKSCATTER, why: 'RST: a victim refuses what a forged address sent' },
  { mask: SYN | ACK | RST | FIN, flags: SYN, kind: SCAN, why: 'SYN alone: someone tries to connect' },
  { mask: 0x3f, flags: FIN, kind: SCAN, why: 'FIN scan' },
  { mask: 0x3f, flags: 0, kind: SCAN, why: 'NULL scan' },
  { mask: 0x3f, flags: FIN | PSH | URG, kind: SCAN, why: 'Xmas scan' },
] as const;

/** ICMP types (RFC 792, 950, 1256). */
export const ICMP_RULES = [
  {
    types: [0, 3, 4, 5, 11, 12, 14, 16, 18],
    kind: BACKSCATTER,
    why: 'replies and errors: answers to forged packets (corsaro)',
  },
  { types: [8, 13, 15, 17], kind: SCAN, why: 'requests: echo, timestamp, information, address mask' },
] as const;

/** ICMPv6 types (RFC 4443): the same reasoning as for ICMP, inferred. */
export const ICMPV6_RULES = [
  { types: [1, 2, 3, 4, 129], kind: BACKSCATTER, why: 'errors and echo replies: answers to forged packets' },
  { types: [128, 139], kind: SCAN, why: 'requests: echo, node information' },
] as const;

/**
 * UDP services that answer larger than they are asked, by source port. DNS is corsaro's rule; the others are inferred, and do not
 * hold between equal ports, where clients ask from the service's own port (NTP, SNMP).
 */
export const UDP_REFLECTORS = [
  { srcPort: 53, betweenEqualPorts: true, why: 'DNS answer' },
  { srcPort: 17, betweenEqualPorts: false, why: 'quote of the day' },
  { srcPort: 19, betweenEqualPorts: false, why: 'character generator' },
  { srcPort: 123, betweenEqualPorts: false, why: 'NTP answer' },
  { srcPort: 161, betweenEqualPorts: false, why: 'SNMP answer' },
  { srcPort: 389, betweenEqualPorts: false, why: 'CLDAP answer' },
  { srcPort: 1900, betweenEqualPorts: false, why: 'SSDP answer' },
  { srcPort: 11211, betweenEqualPorts: false, why: 'memcached answer' },
] as const;

/** Kinds by the byte of flags. */
export const tcpKinds: Uint8Array = Uint8Array.from({ length: 256 }, (_, flags) => {
  return TCP_RULES.find((rule) => (flags & rule.mask) === rule.flags)?.kind ?? OTHER;
});

/** Kinds by type. */
export const icmpKinds: Uint8Array = kindsByType(ICMP_RULES);
const icmpv6Kinds = kindsByType(ICMPV6_RULES);

const NEVER = 0;
const ALWAYS = 1;
const UNLESS_EQUAL = 2;
const reflectors = new Uint8Array(65536);
for (const { srcPort, betweenEqualPorts } of UDP_REFLECTORS)
  reflectors[srcPort] = betweenEqualPorts ? ALWAYS : UNLESS_EQUAL;

function kindsByType(rules: readonly { types: readonly number[]; kind: number }[]): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, type) => rules.find((rule) => rule.types.includes(type))?.kind ?? OTHER);
}

export function kindOfTcp(flags: number): number {
  return tcpKinds[flags];
}

export function kindOfUdp(srcPort: number, dstPort: number): number {
  const reflector = reflectors[srcPort];
  if (reflector === NEVER) return SCAN;
  return reflector === ALWAYS || srcPort !== dstPort ? BACKSCATTER : SCAN;
}

export function kindOfIcmp(type: number): number {
  return icmpKinds[type];
}

export function kindOfIcmpv6(type: number): number {
  return icmpv6Kinds[type];
}
