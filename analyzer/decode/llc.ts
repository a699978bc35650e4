// IEEE 802.2 logical link control in front of SNAP (RFC 1042) or of an NLPID (RFC 2684), on everything but Ethernet, which has its
// own short way in ethernet.ts.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { nlpidToIp } from './nlpid.ts';
import { snapToIp } from './snap.ts';

const HEADER = 3;
/** Both service access points and the control byte (unnumbered information). */
const SNAP = 0xaaaa03;
const NLPID = 0xfefe03;
/** What RFC 2684 puts between SNAP and a bridged Ethernet frame. */
const BRIDGED_PADDING = 2;

/** Offset of the IP header behind the LLC header at `at`, or minus the fate of a frame that has none. */
export function llcToIp(view: DataView, at: number, end: number): number {
  if (at + HEADER > end) return -TRUNCATED;
  const header = (view.getUint16(at) << 8) | view.getUint8(at + 2);
  if (header === SNAP) return snapToIp(view, at + HEADER, end, BRIDGED_PADDING);
  return header === NLPID ? nlpidToIp(view, at + HEADER, end) : -NOT_IP;
}
