// IP over ATM: RFC 2684 (once 1483) begins with LLC and is llc.ts alone; here is what two kinds of interfaces put around it.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { ethernetToIp } from './ethernet.ts';
import { llcToIp } from './llc.ts';

/** SunATM: flags, path and channel (https://www.tcpdump.org/linktypes/LINKTYPE_SUNATM.html). */
const SUN_HEADER = 4;
/** Of the flags, the lower half: LAN emulation, a station's number before Ethernet, or LLC. */
const SUN_KIND = 0x0f;
const LAN_EMULATION = 1;
const LLC = 2;
const STATION = 2;
/** Classical IP over ATM: both service access points of SNAP, or IP without anything before it. */
const SNAP_ACCESS_POINTS = 0xaaaa;

/** Offset of the IP header behind the header of SunATM at `at`, or minus the fate of a frame that has none. */
export function sunAtmToIp(view: DataView, at: number, end: number): number {
  if (at + SUN_HEADER > end) return -TRUNCATED;
  const kind = view.getUint8(at) & SUN_KIND;
  if (kind === LAN_EMULATION) return ethernetToIp(view, at + SUN_HEADER + STATION, end);
  return kind === LLC ? llcToIp(view, at + SUN_HEADER, end) : -NOT_IP;
}

/** The same for Linux's classical IP over ATM (RFC 2225), where both ends may have left out the LLC header. */
export function classicalIpToIp(view: DataView, at: number, end: number): number {
  if (at + 2 > end) return -TRUNCATED;
  return view.getUint16(at) === SNAP_ACCESS_POINTS ? llcToIp(view, at, end) : at;
}
