// PPP (RFC 1661, framed as in RFC 1662) and Cisco HDLC (RFC 1547, 4.3.1), which puts an EtherType where PPP has its protocol number.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { etherTypeToIp, mplsToIp } from './ethernet.ts';
import { PPP_IPV4, PPP_IPV6, PPP_MPLS, PPP_MPLS_MULTICAST } from './ppp-protocols.ts';

/** All stations, unnumbered information: left out where the two ends have agreed to. */
const ADDRESS_AND_CONTROL = 0xff03;
/** Cisco HDLC to one station or all; a serial line's frames are of this kind or of PPP's. */
const CISCO_UNICAST = 0x0f00;
const CISCO_BROADCAST = 0x8f00;
const CISCO_ETHER_TYPE = 2;

/** Offset of the IP header behind a PPP header at `at`, or minus the fate of a frame that has none. */
export function pppToIp(view: DataView, at: number, end: number): number {
  if (at + 2 > end) return -TRUNCATED;
  const first = view.getUint16(at);
  if (first === CISCO_UNICAST || first === CISCO_BROADCAST) return ciscoHdlcToIp(view, at, end);
  const field = first === ADDRESS_AND_CONTROL ? at + 2 : at;
  if (field >= end) return -TRUNCATED;
  // An odd first byte is a whole protocol number, compressed to that byte (RFC 1661, 6.5).
  const compressed = (view.getUint8(field) & 1) === 1;
  const next = field + (compressed ? 1 : 2);
  if (next > end) return -TRUNCATED;
  const protocol = compressed ? view.getUint8(field) : view.getUint16(field);
  if (protocol === PPP_MPLS || protocol === PPP_MPLS_MULTICAST) return mplsToIp(view, next, end);
  return protocol === PPP_IPV4 || protocol === PPP_IPV6 ? next : -NOT_IP;
}

/** The same for Cisco HDLC: address, control, EtherType. */
export function ciscoHdlcToIp(view: DataView, at: number, end: number): number {
  return etherTypeToIp(view, at + CISCO_ETHER_TYPE, end);
}
