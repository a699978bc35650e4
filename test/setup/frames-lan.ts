// The local networks beside Ethernet, and what stands before Ethernet, put around the packets of Ethernet frames.
import { etherTypeOf, join, linkTypes, packetIn, type Wrapped } from './frames.ts';
import { llcSnap } from './frames-wan.ts';

const addresses = (frame: Uint8Array): Uint8Array => new Uint8Array(frame.subarray(0, 12));

/** @param route bytes of a route through bridges, with its own two first bytes */
export function tokenRing(frame: Uint8Array, route = 0, frameControl = 0x40): Uint8Array {
  const both = addresses(frame);
  if (route > 0) both[6] = both[6]! | 0x80;
  const bridges = new Uint8Array(route);
  if (route > 0) bridges[0] = route;
  return join([0x10, frameControl], both, bridges, llcSnap(frame));
}

export function fddi(frame: Uint8Array, frameControl = 0x50): Uint8Array {
  return join([frameControl], addresses(frame), llcSnap(frame));
}

/** RFC 4338: two addresses of eight bytes. */
export function fibreChannel(frame: Uint8Array): Uint8Array {
  return join([0x10, 0, 2, 0, 0, 0, 0, 1, 0x10, 0, 2, 0, 0, 0, 0, 2], llcSnap(frame));
}

export function appleIeee1394(frame: Uint8Array): Uint8Array {
  return join(new Uint8Array(16), etherTypeOf(frame), packetIn(frame));
}

/** IP over InfiniBand behind a global routing header. */
export function ipoib(frame: Uint8Array): Uint8Array {
  return join(new Uint8Array(40), etherTypeOf(frame), [0, 0], packetIn(frame));
}

export function netanalyzer(frame: Uint8Array, preamble = false): Uint8Array {
  const start = preamble ? [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xd5] : [];
  return join([0, preamble ? 6 : 4, 0, 0], start, frame);
}

export function lanFrames(frame: Uint8Array): Wrapped[] {
  return [
    ['token ring', linkTypes.tokenRing, tokenRing(frame)],
    ['token ring through two bridges', linkTypes.tokenRing, tokenRing(frame, 8)],
    ['FDDI', linkTypes.fddi, fddi(frame)],
    ['Fibre Channel', linkTypes.fibreChannel, fibreChannel(frame)],
    ['Apple IP over IEEE 1394', linkTypes.appleIeee1394, appleIeee1394(frame)],
    ['IP over InfiniBand', linkTypes.ipoib, ipoib(frame)],
    ['netANALYZER', linkTypes.netanalyzer, netanalyzer(frame)],
    ['netANALYZER with preambles', linkTypes.netanalyzerTransparent, netanalyzer(frame, true)],
  ];
}
