// Headers around packets: what may stand before IP, and between IP and the ports, put around Ethernet frames that are built by name.
import { checksum, vlan } from '../../sample-pcaps/packets.ts';

export const linkTypes = {
  null: 0,
  ethernet: 1,
  tokenRing: 6,
  slip: 8,
  ppp: 9,
  fddi: 10,
  rawBsd: 12,
  rawOpenbsd: 14,
  pppHdlc: 50,
  pppEther: 51,
  atm: 100,
  raw: 101,
  ciscoHdlc: 104,
  wifi: 105,
  classicalIp: 106,
  frameRelay: 107,
  loop: 108,
  enc: 109,
  sll: 113,
  pflog: 117,
  prism: 119,
  fibreChannel: 122,
  sunAtm: 123,
  radiotap: 127,
  appleIeee1394: 138,
  user2: 149,
  avs: 163,
  pppd: 166,
  ppi: 192,
  pppWithDirection: 204,
  ciscoHdlcWithDirection: 205,
  frameRelayWithDirection: 206,
  mpls: 219,
  ipv4: 228,
  ipv6: 229,
  nflog: 239,
  netanalyzer: 240,
  netanalyzerTransparent: 241,
  ipoib: 242,
  pktap: 258,
  sll2: 276,
} as const;

/** A way to wrap a packet, its link type, and the packet wrapped. */
export type Wrapped = [name: string, linkType: number, frame: Uint8Array];

const ethernetHeader = 14;

/** The IP packet of an Ethernet frame. */
export function packetIn(frame: Uint8Array): Uint8Array {
  return frame.subarray(ethernetHeader);
}

export function isIpv6(frame: Uint8Array): boolean {
  return packetIn(frame)[0]! >>> 4 === 6;
}

export function join(...pieces: (Uint8Array | number[])[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

export const short = (value: number): number[] => [value >>> 8, value & 0xff];
export const etherTypeOf = (frame: Uint8Array): number[] => [...frame.subarray(12, ethernetHeader)];

/** The frame with another EtherType and with `header` before its packet. */
export function ethernetWith(frame: Uint8Array, etherType: number, header: number[]): Uint8Array {
  return join(frame.subarray(0, 12), short(etherType), header, packetIn(frame));
}

/** IEEE 802.1ad: a provider's tag before the customer's. */
export function qinq(frame: Uint8Array): Uint8Array {
  const tagged = vlan(vlan(frame, 7), 100);
  tagged.set(short(0x88a8), 12);
  return tagged;
}

/** IEEE 802.1ah: the whole frame inside a backbone's own. */
export function backbone(frame: Uint8Array): Uint8Array {
  return join(frame.subarray(0, 12), short(0x88e7), [0, 1, 2, 3], frame);
}

/** RFC 3032 with the labels given; the last is the bottom one. */
export function mpls(frame: Uint8Array, labels: number[] = [16, 17]): Uint8Array {
  return ethernetWith(frame, 0x8847, labelsOf(labels));
}

/** RFC 4448 with a control word: an Ethernet frame inside MPLS. */
export function pseudowire(frame: Uint8Array): Uint8Array {
  return join(frame.subarray(0, 12), short(0x8847), labelsOf([16]), [0, 0, 0, 0], frame);
}

export function labelsOf(labels: number[]): number[] {
  return labels.flatMap((label, index) => [
    label >>> 12,
    (label >>> 4) & 0xff,
    ((label & 0xf) << 4) | (index === labels.length - 1 ? 1 : 0),
    64,
  ]);
}

/** RFC 2516. */
export function pppoe(frame: Uint8Array): Uint8Array {
  const length = packetIn(frame).length + 2;
  return ethernetWith(frame, 0x8864, [0x11, 0, 0, 9, ...short(length), ...short(isIpv6(frame) ? 0x57 : 0x21)]);
}

/** RFC 1042: a length instead of the EtherType, which stands behind LLC and SNAP. */
export function snap(frame: Uint8Array): Uint8Array {
  return ethernetWith(frame, packetIn(frame).length + 8, [0xaa, 0xaa, 3, 0, 0, 0, ...etherTypeOf(frame)]);
}

/** PPP: with address and control before a protocol number of two bytes, or compressed to a single one. */
export function ppp(frame: Uint8Array, compressed = false): Uint8Array {
  const protocol = isIpv6(frame) ? 0x57 : 0x21;
  return join(compressed ? [protocol] : [0xff, 3, 0, protocol], packetIn(frame));
}

export function pppMpls(frame: Uint8Array): Uint8Array {
  return join([0xff, 3, 2, 0x81], labelsOf([16]), packetIn(frame));
}

export function ciscoHdlc(frame: Uint8Array): Uint8Array {
  return join([0x0f, 0], etherTypeOf(frame), packetIn(frame));
}

/** BSD loopback; the family of IPv6 differs between systems. */
export function loopback(frame: Uint8Array, littleEndian: boolean, family = isIpv6(frame) ? 30 : 2): Uint8Array {
  return join(littleEndian ? [family, 0, 0, 0] : [0, 0, 0, family], packetIn(frame));
}

/** @param hardware the ARPHRD_ number; 1 is Ethernet */
export function sll(frame: Uint8Array, hardware = 1): Uint8Array {
  return join(short(0), short(hardware), short(6), [2, 0, 0, 0, 0, 1, 0, 0], etherTypeOf(frame), packetIn(frame));
}

export function sll2(frame: Uint8Array, hardware = 1): Uint8Array {
  const address = [2, 0, 0, 0, 0, 1, 0, 0];
  return join(etherTypeOf(frame), short(0), [0, 0, 0, 3], short(hardware), [0, 6], address, packetIn(frame));
}

/** IPv4 with as many words of options as given (RFC 791: "no operation" in every byte). */
export function withOptions(frame: Uint8Array, words: number): Uint8Array {
  const made = join(frame.subarray(0, 34), new Uint8Array(4 * words).fill(1), frame.subarray(34));
  const view = new DataView(made.buffer, ethernetHeader);
  view.setUint8(0, 0x45 + words);
  view.setUint16(2, made.length - ethernetHeader);
  view.setUint16(10, 0);
  view.setUint16(10, checksum(made.subarray(ethernetHeader, 34 + 4 * words)));
  return made;
}

/** IPv6 extension headers by their number, each with the "next header" in its first byte. */
const extensions: Record<number, number[]> = {
  0: [0, 0, 1, 4, 0, 0, 0, 0], // hop-by-hop options: padding
  43: [0, 0, 4, 0, 0, 0, 0, 0], // routing: segment routing without segments
  44: [0, 0, 0, 1, 0, 0, 0, 9], // fragment: the first of several
  51: [0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], // authentication, 24 bytes
  60: [0, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // destination options, 16 bytes
  135: [0, 0, 0, 0, 0, 0, 0, 0], // mobility
  139: [0, 0, 1, 0x21, 0, 0, 0, 0], // host identity
  140: [0, 0, 0x80, 0, 0, 0, 0, 0], // shim6
};
export const extensionNumbers = Object.keys(extensions).map(Number);

/** IPv6 with the extension headers of these numbers before its transport header. */
export function withExtensions(frame: Uint8Array, numbers: number[]): Uint8Array {
  const headers = numbers.map((number) => Uint8Array.from(extensions[number]!));
  const chain = [...numbers, frame[ethernetHeader + 6]!];
  for (const [index, header] of headers.entries()) header[0] = chain[index + 1]!;
  const made = join(frame.subarray(0, 54), ...headers, frame.subarray(54));
  const view = new DataView(made.buffer, ethernetHeader);
  view.setUint8(6, chain[0]!);
  view.setUint16(4, made.length - ethernetHeader - 40);
  return made;
}

/** An IPv6 fragment that is not the first. */
export function laterFragment6(frame: Uint8Array): Uint8Array {
  const made = withExtensions(frame, [44]);
  made[ethernetHeader + 40 + 3] = 0x08 | 1; // offset 1 (times 8 bytes), more fragments
  return made;
}
