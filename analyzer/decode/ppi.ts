// Per-Packet Information (CACE Technologies, 1.0.7): a header that names its length and the link type of the packet behind it,
// little-endian.
import { BAD_HEADER, TRUNCATED } from '../fates.ts';

const LENGTH = 2;
const LINK_TYPE = 4;
const HEADER = 8;

/** Offset of the packet behind the header at `at`, or minus the fate of a frame that has none. */
export function behindPpi(view: DataView, at: number, end: number): number {
  if (at + HEADER > end) return -TRUNCATED;
  const length = view.getUint16(at + LENGTH, true);
  return length < HEADER ? -BAD_HEADER : at + length;
}

/** Link type of that packet; to be asked only where there is one. */
export function ppiLinkType(view: DataView, at: number): number {
  return view.getUint32(at + LINK_TYPE, true);
}
