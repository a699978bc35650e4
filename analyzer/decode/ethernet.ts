// Ethernet II and what may stand between it and IP: VLAN tags (802.1Q, 802.1ad), provider backbone tags (802.1ah), MPLS labels,
// PPPoE sessions and LLC/SNAP. Finds where the IP header begins.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { behindMpls, isPseudowire } from './mpls.ts';
import { pppoeToIp } from './pppoe.ts';

const ETHER_TYPE = 12;

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN = 0x8100;
const VLAN_PROVIDER = 0x88a8;
const VLAN_OLD = 0x9100;
const BACKBONE = 0x88e7;
const MPLS = 0x8847;
const MPLS_MULTICAST = 0x8848;
const PPPOE_SESSION = 0x8864;
const LARGEST_LENGTH = 1500;
/** Offset of the EtherType in LLC and SNAP. */
const SNAP_ETHER_TYPE = 6;
/** Bytes of the I-TAG of a provider backbone. */
const I_TAG = 4;
/** Bytes before the Ethernet header of a pseudowire (RFC 4385). */
const CONTROL_WORD = 4;

/** Offset of the IP header behind an Ethernet header at `at`, or minus the fate of a frame that has none. */
export function ethernetToIp(view: DataView, at: number, end: number): number {
  return etherTypeToIp(view, at + ETHER_TYPE, end);
}

/**
 * The same from the EtherType field at `at` on, which tagged and "cooked" headers have too. One loop follows all headers that
 * may stand in one another, so that no frame, however it was made, costs more than its own length.
 */
export function etherTypeToIp(view: DataView, at: number, end: number): number {
  let field = at;
  for (;;) {
    if (field + 2 > end) return -TRUNCATED;
    const type = view.getUint16(field);
    if (type === IPV4 || type === IPV6) return field + 2;
    if (type === VLAN || type === VLAN_PROVIDER || type === VLAN_OLD) field += 4;
    else if (type === BACKBONE)
      field += 2 + I_TAG + ETHER_TYPE; // the customer's own Ethernet header
    else if (type === MPLS || type === MPLS_MULTICAST) {
      const payload = behindMpls(view, field + 2, end);
      if (payload < 0 || !isPseudowire(view, payload)) return payload;
      field = payload + CONTROL_WORD + ETHER_TYPE;
    } else if (type === PPPOE_SESSION) return pppoeToIp(view, field + 2, end);
    else if (type <= LARGEST_LENGTH) {
      if (!isSnap(view, field + 2, end)) return -NOT_IP;
      field += 2 + SNAP_ETHER_TYPE;
    } else return -NOT_IP;
  }
}

/** The same where the EtherType does not stand before what it names, which begins at `at`. */
export function etherPayloadToIp(view: DataView, type: number, at: number, end: number): number {
  switch (type) {
    case IPV4:
    case IPV6:
      return at;
    case VLAN:
    case VLAN_PROVIDER:
    case VLAN_OLD:
      return etherTypeToIp(view, at + 2, end);
    case BACKBONE:
      return ethernetToIp(view, at + I_TAG, end);
    case MPLS:
    case MPLS_MULTICAST:
      return mplsToIp(view, at, end);
    case PPPOE_SESSION:
      return pppoeToIp(view, at, end);
    default:
      return type <= LARGEST_LENGTH && isSnap(view, at, end) ? etherTypeToIp(view, at + SNAP_ETHER_TYPE, end) : -NOT_IP;
  }
}

/** Offset of the IP header behind the MPLS labels at `at`, or minus the fate of a frame that has none. */
export function mplsToIp(view: DataView, at: number, end: number): number {
  const payload = behindMpls(view, at, end);
  if (payload < 0 || !isPseudowire(view, payload)) return payload;
  return ethernetToIp(view, payload + CONTROL_WORD, end);
}

/** IEEE 802.2 with SNAP (RFC 1042): AA AA 03, an organisation code of zero, an EtherType. */
function isSnap(view: DataView, at: number, end: number): boolean {
  return at + SNAP_ETHER_TYPE + 2 <= end && view.getUint32(at) === 0xaaaa0300 && view.getUint16(at + 4) === 0;
}
