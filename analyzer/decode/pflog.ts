// OpenBSD's packet filter log: a header that differs between systems and releases, but always begins with its length and an
// address family and is padded to a multiple of four bytes.
import { BAD_HEADER, NOT_IP, TRUNCATED } from '../fates.ts';
import { isIpFamily } from './loopback.ts';

const FAMILY = 1;
/** The first releases' header ended with the direction. */
const SHORTEST = 45;

/** Offset of the IP header, or minus the fate of a frame that has none. */
export function pflogToIp(view: DataView, at: number, end: number): number {
  if (at + FAMILY + 1 > end) return -TRUNCATED;
  const length = view.getUint8(at);
  if (length < SHORTEST) return -BAD_HEADER;
  return isIpFamily(view.getUint8(at + FAMILY)) ? at + ((length + 3) & ~3) : -NOT_IP;
}
