// Apple's PKTAP (https://www.tcpdump.org/linktypes/LINKTYPE_PKTAP.html): a header that names its length and the link type of the
// packet behind it, little-endian.
import { BAD_HEADER, NOT_IP, TRUNCATED } from '../fates.ts';

/** Up to the flags, which stand in the same place in both versions and tell which it is. */
const SHORTEST = 40;
const FLAGS = 36;
const IS_VERSION_2 = 0x80000;
const RECORD_TYPE = 4;
const LINK_TYPE = 8;
const LINK_TYPE_2 = 6;
/** Of version 1: a packet follows. */
const PACKET = 1;

/** Offset of the packet behind the header at `at`, or minus the fate of a frame that has none. */
export function behindPktap(view: DataView, at: number, end: number): number {
  if (at + SHORTEST > end) return -TRUNCATED;
  const second = isVersion2(view, at);
  if (!second && view.getUint32(at + RECORD_TYPE, true) !== PACKET) return -NOT_IP;
  const length = second ? view.getUint8(at) : view.getUint32(at, true);
  return length < SHORTEST ? -BAD_HEADER : at + length;
}

/** Link type of that packet; to be asked only where there is one. */
export function pktapLinkType(view: DataView, at: number): number {
  return isVersion2(view, at) ? view.getUint16(at + LINK_TYPE_2, true) : view.getUint32(at + LINK_TYPE, true);
}

function isVersion2(view: DataView, at: number): boolean {
  return (view.getUint32(at + FLAGS, true) & IS_VERSION_2) !== 0;
}
