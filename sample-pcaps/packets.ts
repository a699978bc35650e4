// Builds Ethernet frames by name: tcpSyn({ dstPort: 23 }) is a whole frame with right lengths and checksums.
// Every field has a default; an address with a colon makes the packet IPv6. Frames are not padded unless pad() is called.
import { addressBytes } from './addresses.ts';

export interface IpFields {
  srcAddr?: string;
  dstAddr?: string;
  ttl?: number;
  /** IPv4 only. */
  ipId?: number;
  /** IPv4 only, in units of 8 bytes; anything but 0 makes the packet a later fragment. */
  fragmentOffset?: number;
  moreFragments?: boolean;
}

export interface PortFields extends IpFields {
  srcPort?: number;
  dstPort?: number;
  payload?: Uint8Array;
}

export interface TcpFields extends PortFields {
  seq?: number;
  ackSeq?: number;
  /** Sum of `tcpFlags`. */
  flags?: number;
  window?: number;
  /** With it the header carries the maximum segment size option (4 bytes more). */
  mss?: number;
}

export interface IcmpFields extends IpFields {
  type?: number;
  code?: number;
  /** Bytes 4 to 7 of the ICMP header; for echo the identifier and the sequence number. */
  rest?: number;
  payload?: Uint8Array;
}

export const tcpFlags = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;
export const protocols = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;

const etherTypes = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd } as const;
const ethernetLength = 14;
const defaultAddresses = { srcAddr: '192.0.2.1', dstAddr: '198.51.100.1' };
const defaultAddresses6 = { srcAddr: '2001:db8::1', dstAddr: '2001:db8:64::1' };
/** Locally administered addresses of the sensor (destination) and of the router before it (source). */
const hardwareAddresses = [0x02, 0, 0, 0, 0, 0x02, 0x02, 0, 0, 0, 0, 0x01];

/** A TCP connection request. */
export function tcpSyn(fields: TcpFields = {}): Uint8Array {
  return tcp({ flags: tcpFlags.syn, ...fields });
}

/** A TCP segment (RFC 9293) with any flags; by default an ACK. */
export function tcp(fields: TcpFields = {}): Uint8Array {
  const options = fields.mss === undefined ? [] : [2, 4, fields.mss >>> 8, fields.mss & 0xff];
  const payload = fields.payload ?? new Uint8Array(0);
  const segment = new Uint8Array(20 + options.length + payload.length);
  const view = new DataView(segment.buffer);
  view.setUint16(0, fields.srcPort ?? 40000);
  view.setUint16(2, fields.dstPort ?? 80);
  view.setUint32(4, fields.seq ?? 1);
  view.setUint32(8, fields.ackSeq ?? 0);
  view.setUint8(12, (20 + options.length) << 2);
  view.setUint8(13, fields.flags ?? tcpFlags.ack);
  view.setUint16(14, fields.window ?? 64240);
  segment.set(options, 20);
  segment.set(payload, 20 + options.length);
  view.setUint16(16, transportChecksum(fields, protocols.tcp, segment));
  return ip(fields, protocols.tcp, segment);
}

/** A UDP datagram (RFC 768). */
export function udp(fields: PortFields = {}): Uint8Array {
  const payload = fields.payload ?? new Uint8Array(0);
  const datagram = new Uint8Array(8 + payload.length);
  const view = new DataView(datagram.buffer);
  view.setUint16(0, fields.srcPort ?? 40000);
  view.setUint16(2, fields.dstPort ?? 53);
  view.setUint16(4, datagram.length);
  datagram.set(payload, 8);
  // A sum of 0 would mean "no checksum", so it travels as its other form, all ones.
  view.setUint16(6, transportChecksum(fields, protocols.udp, datagram) || 0xffff);
  return ip(fields, protocols.udp, datagram);
}

/** An ICMP message (RFC 792), or an ICMPv6 one (RFC 4443) between IPv6 addresses; by default an echo request. */
export function icmp(fields: IcmpFields = {}): Uint8Array {
  const six = isIpv6(fields);
  const payload = fields.payload ?? new Uint8Array(0);
  const message = new Uint8Array(8 + payload.length);
  const view = new DataView(message.buffer);
  view.setUint8(0, fields.type ?? (six ? 128 : 8));
  view.setUint8(1, fields.code ?? 0);
  view.setUint32(4, fields.rest ?? 0x00010001);
  message.set(payload, 8);
  view.setUint16(2, six ? transportChecksum(fields, protocols.icmp6, message) : checksum(message));
  return ip(fields, six ? protocols.icmp6 : protocols.icmp, message);
}

/** An IP packet of any protocol around the given body, in an Ethernet frame. */
export function ip(fields: IpFields, protocol: number, body: Uint8Array): Uint8Array {
  return isIpv6(fields) ? ipv6(fields, protocol, body) : ipv4(fields, protocol, body);
}

/** An ARP request (RFC 826): the router asks who has `dstAddr`. */
export function arp(fields: { srcAddr?: string; dstAddr?: string } = {}): Uint8Array {
  const body = new Uint8Array(28);
  body.set([0, 1, 8, 0, 6, 4, 0, 1, ...hardwareAddresses.slice(6)]);
  body.set(addressBytes(fields.srcAddr ?? defaultAddresses.srcAddr), 14);
  body.set(addressBytes(fields.dstAddr ?? defaultAddresses.dstAddr), 24);
  const frame = ethernet(etherTypes.arp, body);
  frame.fill(0xff, 0, 6);
  return frame;
}

/** The same frame with an IEEE 802.1Q tag. */
export function vlan(frame: Uint8Array, id: number): Uint8Array {
  const tagged = new Uint8Array(frame.length + 4);
  tagged.set(frame.subarray(0, 12));
  tagged.set([etherTypes.vlan >>> 8, etherTypes.vlan & 0xff, (id >>> 8) & 0x0f, id & 0xff], 12);
  tagged.set(frame.subarray(12), 16);
  return tagged;
}

/** The frame as a network card receives it: filled with zeros up to Ethernet's least length (without check sum). */
export function pad(frame: Uint8Array): Uint8Array {
  if (frame.length >= 60) return frame;
  const padded = new Uint8Array(60);
  padded.set(frame);
  return padded;
}

/** The Internet checksum (RFC 1071) over the pieces as if they stood together; all but the last have an even length. */
export function checksum(...pieces: Uint8Array[]): number {
  let sum = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += 2) sum += (piece[at]! << 8) | (piece[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function ethernet(etherType: number, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(ethernetLength + body.length);
  frame.set(hardwareAddresses);
  frame.set([etherType >>> 8, etherType & 0xff], 12);
  frame.set(body, ethernetLength);
  return frame;
}

function ipv4(fields: IpFields, protocol: number, body: Uint8Array): Uint8Array {
  const packet = new Uint8Array(20 + body.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, packet.length);
  view.setUint16(4, fields.ipId ?? 0);
  view.setUint16(6, (fields.moreFragments ? 0x2000 : 0) | (fields.fragmentOffset ?? 0));
  view.setUint8(8, fields.ttl ?? 64);
  view.setUint8(9, protocol);
  const [source, destination] = addresses(fields);
  packet.set(source, 12);
  packet.set(destination, 16);
  view.setUint16(10, checksum(packet.subarray(0, 20)));
  packet.set(body, 20);
  return ethernet(etherTypes.ipv4, packet);
}

function ipv6(fields: IpFields, protocol: number, body: Uint8Array): Uint8Array {
  const packet = new Uint8Array(40 + body.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, body.length);
  view.setUint8(6, protocol);
  view.setUint8(7, fields.ttl ?? 64);
  const [source, destination] = addresses(fields);
  packet.set(source, 8);
  packet.set(destination, 24);
  packet.set(body, 40);
  return ethernet(etherTypes.ipv6, packet);
}

/** The checksum that covers addresses, length and protocol too: RFC 9293 3.1 over IPv4, RFC 8200 8.1 over IPv6. */
function transportChecksum(fields: IpFields, protocol: number, body: Uint8Array): number {
  return checksum(...addresses(fields), Uint8Array.of(0, protocol, body.length >>> 8, body.length & 0xff), body);
}

function isIpv6({ srcAddr, dstAddr }: IpFields): boolean {
  return Boolean(srcAddr?.includes(':') || dstAddr?.includes(':'));
}

/** Source and destination as bytes, both of the same IP version. */
function addresses(fields: IpFields): [source: Uint8Array, destination: Uint8Array] {
  const defaults = isIpv6(fields) ? defaultAddresses6 : defaultAddresses;
  const source = addressBytes(fields.srcAddr ?? defaults.srcAddr);
  const destination = addressBytes(fields.dstAddr ?? defaults.dstAddr);
  if (source.length === destination.length) return [source, destination];
  throw new Error(`one address is IPv4 and the other IPv6: ${fields.srcAddr}, ${fields.dstAddr}`);
}
