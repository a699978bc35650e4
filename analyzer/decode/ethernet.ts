// Ethernet II and what may stand between it and IP: VLAN tags (802.1Q, 802.1ad), provider backbone tags (802.1ah), MPLS labels,
// PPPoE sessions and LLC/SNAP. Finds where the IP header begins.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { PPP_IPV4, PPP_IPV6 } from './ppp-protocols.ts';

const ETHER_TYPE = 12;

export const IPV4 = 0x0800;
export const IPV6 = 0x86dd;
export const VLAN = 0x8100;
export const VLAN_PROVIDER = 0x88a8;
const VLAN_OLD = 0x9100;
const BACKBONE = 0x88e7;
const MPLS = 0x8847;
const MPLS_MULTICAST = 0x8848;
const PPPOE_SESSION = 0x8864;
const LARGEST_LENGTH = 1500;

/** Offset of the IP header behind an Ethernet header at `at`, or minus the fate of a frame that has none. */
export function ethernetToIp(view: DataView, at: number, end: number): number {
  return etherTypeToIp(view, at + ETHER_TYPE, end);
}

/** The same from the EtherType field at `at` on, which tagged and "cooked" headers have too. */
export function etherTypeToIp(view: DataView, at: number, end: number): number {
  let field = at;
  for (;;) {
    if (field + 2 > end) return -TRUNCATED;
    const type = view.getUint16(field);
    if (type === IPV4 || type === IPV6) return field + 2;
    if (type === VLAN || type === VLAN_PROVIDER || type === VLAN_OLD) field += 4;
    else if (type === BACKBONE)
      field += 6 + ETHER_TYPE; // the I-TAG, then the customer's own Ethernet header
    else if (type === MPLS || type === MPLS_MULTICAST) return mplsToIp(view, field + 2, end);
    else if (type === PPPOE_SESSION) return pppoeToIp(view, field + 2, end);
    else if (type <= LARGEST_LENGTH) return snapToIp(view, field + 2, end);
    else return -NOT_IP;
  }
}

/** RFC 3032: four bytes a label, the bottom one marked; what follows is told by its first half byte (RFC 4928). */
export function mplsToIp(view: DataView, at: number, end: number): number {
  let label = at;
  for (;;) {
    if (label + 4 > end) return -TRUNCATED;
    const bottom = view.getUint8(label + 2) & 1;
    label += 4;
    if (bottom) break;
  }
  if (label >= end) return -TRUNCATED;
  const version = view.getUint8(label) >>> 4;
  if (version === 4 || version === 6) return label;
  // A pseudowire's control word begins with 0 (RFC 4385); an Ethernet frame follows it.
  return version === 0 ? ethernetToIp(view, label + 4, end) : -NOT_IP;
}

/** RFC 2516: six bytes of PPPoE, then the PPP protocol number. */
function pppoeToIp(view: DataView, at: number, end: number): number {
  if (at + 8 > end) return -TRUNCATED;
  const protocol = view.getUint16(at + 6);
  return protocol === PPP_IPV4 || protocol === PPP_IPV6 ? at + 8 : -NOT_IP;
}

/** IEEE 802.2 with SNAP (RFC 1042): AA AA 03, an organisation code of zero, an EtherType. */
function snapToIp(view: DataView, at: number, end: number): number {
  if (at + 8 > end) return -NOT_IP;
  const snap = view.getUint32(at) === 0xaaaa0300 && view.getUint16(at + 4) === 0;
  return snap ? etherTypeToIp(view, at + 6, end) : -NOT_IP;
}
