// Network layer protocol identifiers (ISO/IEC TR 9577): one byte that tells what follows, as RFC 2427 has it for Frame Relay and
// RFC 2684 for ATM.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { pppToIp } from './ppp.ts';
import { snapToIp } from './snap.ts';

const IPV4 = 0xcc;
const IPV6 = 0x8e;
const SNAP = 0x80;
/** RFC 1973. */
const PPP = 0xcf;

/** Offset of the IP header behind the identifier at `at`, or minus the fate of a frame that has none. */
export function nlpidToIp(view: DataView, at: number, end: number): number {
  if (at >= end) return -TRUNCATED;
  switch (view.getUint8(at)) {
    case IPV4:
    case IPV6:
      return at + 1;
    case SNAP:
      return snapToIp(view, at + 1, end, 0);
    case PPP:
      return pppToIp(view, at + 1, end);
    default:
      return -NOT_IP;
  }
}
