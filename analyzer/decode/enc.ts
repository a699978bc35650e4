// OpenBSD's enc interface, where IPsec's packets appear as they are inside: an address family as of BSD loopback, a security
// parameter index and flags, four bytes each.
import { loopbackToIp } from './loopback.ts';

const INDEX_AND_FLAGS = 8;

/** Offset of the IP header, or minus the fate of a frame that has none. */
export function encToIp(view: DataView, at: number, end: number): number {
  const index = loopbackToIp(view, at, end);
  return index < 0 ? index : index + INDEX_AND_FLAGS;
}
