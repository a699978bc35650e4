// Link types we decode (https://www.tcpdump.org/linktypes.html): from the start of a frame to its IP header.
import { UNSUPPORTED_LINK } from '../fates.ts';
import { ethernetToIp } from './ethernet.ts';
import { sll2ToIp, sllToIp } from './linux-sll.ts';
import { loopbackToIp } from './loopback.ts';
import { ciscoHdlcToIp, pppToIp } from './ppp.ts';

const NULL = 0;
const ETHERNET = 1;
/** Raw IP: LINKTYPE_RAW, and the DLT_RAW numbers of BSD (12) and OpenBSD (14) that old files carry. */
const RAW = 101;
const RAW_BSD = 12;
const RAW_OPENBSD = 14;
const PPP = 9;
const PPP_HDLC = 50;
const CISCO_HDLC = 104;
const LOOP = 108;
const LINUX_SLL = 113;
const IPV4 = 228;
const IPV6 = 229;
const LINUX_SLL2 = 276;

/** Offset of the IP header of the frame at `at`, or minus the fate of a frame that has none. */
export function linkToIp(view: DataView, at: number, end: number, linkType: number): number {
  switch (linkType) {
    case ETHERNET:
      return ethernetToIp(view, at, end);
    case RAW:
    case RAW_BSD:
    case RAW_OPENBSD:
    case IPV4:
    case IPV6:
      return at;
    case NULL:
    case LOOP:
      return loopbackToIp(view, at, end);
    case PPP:
    case PPP_HDLC:
      return pppToIp(view, at, end);
    case CISCO_HDLC:
      return ciscoHdlcToIp(view, at, end);
    case LINUX_SLL:
      return sllToIp(view, at, end);
    case LINUX_SLL2:
      return sll2ToIp(view, at, end);
    default:
      return -UNSUPPORTED_LINK;
  }
}
