// What hosts put around the packets they log or tap: NFLOG, PFLOG, enc, PKTAP.
import { isIpv6, join, linkTypes, loopback, packetIn, short, type Wrapped } from './frames.ts';

export const nflogTypes = { packetHeader: 1, payload: 9, prefix: 10 } as const;
type Field = [type: number, value: Uint8Array];

/** @param family Linux's: 2 is IPv4, 10 is IPv6 */
export function nflog(
  frame: Uint8Array,
  {
    littleEndian = true,
    family = isIpv6(frame) ? 10 : 2,
    before = [[nflogTypes.packetHeader, new Uint8Array(4)]] as Field[],
  } = {},
): Uint8Array {
  const number = (value: number) => (littleEndian ? short(value).reverse() : short(value));
  const field = ([type, value]: Field) => join(number(4 + value.length), number(type), value);
  const padded = before.map((one) => join(field(one), new Uint8Array(-one[1].length & 3)));
  return join([family, 0, 0, 1], ...padded, field([nflogTypes.payload, packetIn(frame)]));
}

/** @param length of the header without its padding; @param family a BSD's */
export function pflog(frame: Uint8Array, length = 61, family = isIpv6(frame) ? 24 : 2): Uint8Array {
  return join([length, family], new Uint8Array(((length + 3) & ~3) - 2), packetIn(frame));
}

export function enc(frame: Uint8Array, littleEndian = true): Uint8Array {
  const family = loopback(frame, littleEndian).subarray(0, 4);
  return join(family, [0, 0, 0x10, 1], [0, 0, 0, 0], packetIn(frame));
}

/** Version 1: 108 bytes; @param record 1 when a packet follows. */
export function pktap(inside: Uint8Array, linkType: number, record = 1): Uint8Array {
  return join([108, 0, 0, 0], [record, 0, 0, 0], [linkType & 0xff, linkType >>> 8, 0, 0], new Uint8Array(96), inside);
}

/** Version 2: 40 bytes, then strings. */
export function pktap2(inside: Uint8Array, linkType: number): Uint8Array {
  const header = new Uint8Array(52);
  header[0] = header.length;
  header.set([linkType & 0xff, linkType >>> 8], 6);
  header[38] = 0x08;
  return join(header, inside);
}

export function hostFrames(frame: Uint8Array): Wrapped[] {
  const text: Field = [nflogTypes.prefix, Uint8Array.of(0x61)];
  const packetHeader: Field = [nflogTypes.packetHeader, new Uint8Array(4)];
  return [
    ['NFLOG', linkTypes.nflog, nflog(frame)],
    ['NFLOG of a big-endian machine', linkTypes.nflog, nflog(frame, { littleEndian: false })],
    ['NFLOG with a prefix', linkTypes.nflog, nflog(frame, { before: [packetHeader, text] })],
    ['PFLOG', linkTypes.pflog, pflog(frame)],
    ['PFLOG of OpenBSD 4.9', linkTypes.pflog, pflog(frame, 100)],
    ['enc of a little-endian machine', linkTypes.enc, enc(frame)],
    ['enc of a big-endian machine', linkTypes.enc, enc(frame, false)],
    ['PKTAP', linkTypes.pktap, pktap(frame, linkTypes.ethernet)],
    ['PKTAP of raw IP', linkTypes.pktap, pktap(packetIn(frame), linkTypes.rawBsd)],
    ['PKTAP of loopback', linkTypes.pktap, pktap(loopback(frame, true), linkTypes.null)],
    ['PKTAP, version 2', linkTypes.pktap, pktap2(frame, linkTypes.ethernet)],
    ['PKTAP under a private number', linkTypes.user2, pktap(frame, linkTypes.ethernet)],
  ];
}
