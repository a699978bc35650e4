// IP over InfiniBand (RFC 4391, section 6): an EtherType and two reserved bytes, which captures have behind the 40 bytes of a
// global routing header, real or made up. The specification of the link type leaves those out; tcpdump and Wireshark do not.
import { TRUNCATED } from '../fates.ts';
import { etherPayloadToIp } from './ethernet.ts';

const ETHER_TYPE = 40;
const HEADER = 44;

/** Offset of the IP header, or minus the fate of a frame that has none. */
export function ipoibToIp(view: DataView, at: number, end: number): number {
  if (at + HEADER > end) return -TRUNCATED;
  return etherPayloadToIp(view, view.getUint16(at + ETHER_TYPE), at + HEADER, end);
}
