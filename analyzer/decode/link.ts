// Link types we decode (https://www.tcpdump.org/linktypes.html): from the start of a frame to its IP header.
import { UNSUPPORTED_LINK } from '../fates.ts';
import { classicalIpToIp, sunAtmToIp } from './atm.ts';
import { encToIp } from './enc.ts';
import { ethernetToIp, etherTypeToIp, mplsToIp } from './ethernet.ts';
import { fddiToIp } from './fddi.ts';
import { frameRelayToIp } from './frame-relay.ts';
import { ieee80211ToIp } from './ieee80211.ts';
import { ipoibToIp } from './ipoib.ts';
import { sll2ToIp, sllToIp } from './linux-sll.ts';
import { llcToIp } from './llc.ts';
import { loopbackToIp } from './loopback.ts';
import { nflogToIp } from './nflog.ts';
import { pflogToIp } from './pflog.ts';
import { behindPktap, pktapLinkType } from './pktap.ts';
import { behindPpi, ppiLinkType } from './ppi.ts';
import { ciscoHdlcToIp, pppToIp } from './ppp.ts';
import { pppoeToIp } from './pppoe.ts';
import { avsToIp, prismToIp } from './prism.ts';
import { radiotapToIp } from './radiotap.ts';
import { tokenRingToIp } from './token-ring.ts';

const NULL = 0;
export const ETHERNET = 1;
const TOKEN_RING = 6;
const SLIP = 8;
const PPP = 9;
const FDDI = 10;
/** Raw IP: LINKTYPE_RAW, and the DLT_RAW numbers of BSD (12) and OpenBSD (14) that old files carry. */
const RAW_BSD = 12;
const RAW_OPENBSD = 14;
const RAW = 101;
const PPP_HDLC = 50;
const PPP_ETHER = 51;
const ATM_RFC1483 = 100;
const CISCO_HDLC = 104;
const IEEE802_11 = 105;
const ATM_CLIP = 106;
const FRAME_RELAY = 107;
const LOOP = 108;
const ENC = 109;
const LINUX_SLL = 113;
const PFLOG = 117;
const IEEE802_11_PRISM = 119;
const IP_OVER_FC = 122;
const SUNATM = 123;
const IEEE802_11_RADIOTAP = 127;
const APPLE_IP_OVER_IEEE1394 = 138;
/** A number for private use, which macOS gives to PKTAP: unsupported where no PKTAP header is found. */
const USER2 = 149;
const IEEE802_11_AVS = 163;
const PPP_PPPD = 166;
const PPI = 192;
const PPP_WITH_DIR = 204;
const CISCO_HDLC_WITH_DIR = 205;
const FRAME_RELAY_WITH_DIR = 206;
const MPLS = 219;
const IPV4 = 228;
const IPV6 = 229;
const NFLOG = 239;
const NETANALYZER = 240;
const NETANALYZER_TRANSPARENT = 241;
const IPOIB = 242;
const PKTAP = 258;
const LINUX_SLL2 = 276;

/** SLIP: a direction, and the packet's header as compressed by RFC 1144; the packet behind them is never compressed. */
const SLIP_HEADER = 16;
/** Whether a frame came or went, before the header that is described elsewhere (…_WITH_DIR). */
const DIRECTION = 1;
/** Direction and control before PPP's protocol number (PPP_PPPD). */
const DIRECTION_AND_CONTROL = 2;
/** What a netANALYZER says of a frame, and Ethernet's preamble where that is captured too. */
const NETANALYZER_HEADER = 4;
const PREAMBLE = 8;
/** Two addresses of eight bytes (RFC 4338 for Fibre Channel). */
const LONG_ADDRESSES = 16;

/** Offset of the IP header of the frame at `at`, or minus the fate of a frame that has none. */
export function linkToIp(view: DataView, at: number, end: number, linkType: number): number {
  // Nearly all captures are of Ethernet; a small function for them is compiled into the loop that calls it.
  return linkType === ETHERNET ? ethernetToIp(view, at, end) : otherLinkToIp(view, at, end, linkType);
}

function otherLinkToIp(view: DataView, at: number, end: number, linkType: number): number {
  switch (linkType) {
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
    case PPP_WITH_DIR:
      return pppToIp(view, at + DIRECTION, end);
    case PPP_PPPD:
      return pppToIp(view, at + DIRECTION_AND_CONTROL, end);
    case PPP_ETHER:
      return pppoeToIp(view, at, end);
    case SLIP:
      return at + SLIP_HEADER;
    case CISCO_HDLC:
      return ciscoHdlcToIp(view, at, end);
    case CISCO_HDLC_WITH_DIR:
      return ciscoHdlcToIp(view, at + DIRECTION, end);
    case FRAME_RELAY:
      return frameRelayToIp(view, at, end);
    case FRAME_RELAY_WITH_DIR:
      return frameRelayToIp(view, at + DIRECTION, end);
    case MPLS:
      return mplsToIp(view, at, end);
    case LINUX_SLL:
      return sllToIp(view, at, end);
    case LINUX_SLL2:
      return sll2ToIp(view, at, end);
    case IEEE802_11:
      return ieee80211ToIp(view, at, end, false);
    case IEEE802_11_RADIOTAP:
      return radiotapToIp(view, at, end);
    case IEEE802_11_PRISM:
      return prismToIp(view, at, end);
    case IEEE802_11_AVS:
      return avsToIp(view, at, end);
    case PPI:
      return insideToIp(view, at, behindPpi(view, at, end), end, ppiLinkType);
    case PKTAP:
      return insideToIp(view, at, behindPktap(view, at, end), end, pktapLinkType);
    case USER2: {
      const packet = behindPktap(view, at, end);
      return packet < 0 ? -UNSUPPORTED_LINK : insideToIp(view, at, packet, end, pktapLinkType);
    }
    case NFLOG:
      return nflogToIp(view, at, end);
    case PFLOG:
      return pflogToIp(view, at, end);
    case ENC:
      return encToIp(view, at, end);
    case ATM_RFC1483:
      return llcToIp(view, at, end);
    case ATM_CLIP:
      return classicalIpToIp(view, at, end);
    case SUNATM:
      return sunAtmToIp(view, at, end);
    case TOKEN_RING:
      return tokenRingToIp(view, at, end);
    case FDDI:
      return fddiToIp(view, at, end);
    case IP_OVER_FC:
      return llcToIp(view, at + LONG_ADDRESSES, end);
    case APPLE_IP_OVER_IEEE1394:
      return etherTypeToIp(view, at + LONG_ADDRESSES, end);
    case NETANALYZER:
      return ethernetToIp(view, at + NETANALYZER_HEADER, end);
    case NETANALYZER_TRANSPARENT:
      return ethernetToIp(view, at + NETANALYZER_HEADER + PREAMBLE, end);
    case IPOIB:
      return ipoibToIp(view, at, end);
    default:
      return -UNSUPPORTED_LINK;
  }
}

/**
 * The same for the packet at `packet`, whose link type the header at `at` names; minus a fate where there is none.
 * One such header inside another is not followed.
 */
function insideToIp(
  view: DataView,
  at: number,
  packet: number,
  end: number,
  linkTypeIn: (view: DataView, at: number) => number,
): number {
  if (packet < 0) return packet;
  const linkType = linkTypeIn(view, at);
  const again = linkType === PPI || linkType === PKTAP || linkType === USER2;
  return again ? -UNSUPPORTED_LINK : linkToIp(view, packet, end, linkType);
}
