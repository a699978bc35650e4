// SNAP (IEEE 802.2, RFC 1042): an organisation code of three bytes and a number of two whose meaning that organisation gives.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { ethernetToIp, etherTypeToIp } from './ethernet.ts';

const PROTOCOL = 3;
const HEADER = 5;
/** Organisations whose numbers are EtherTypes: none at all, and 802.1H, by which bridges mark what they turned into SNAP. */
const ETHER_TYPES = 0x000000;
const ETHER_TYPES_BRIDGED = 0x0000f8;
/** IEEE 802.1's, for whole frames that are bridged (RFC 2427 and RFC 2684): Ethernet with and without its check sequence. */
const BRIDGED = 0x0080c2;
const ETHERNET_WITH_FCS = 0x0001;
const ETHERNET_WITHOUT_FCS = 0x0007;

/**
 * Offset of the IP header behind the SNAP header at `at`, or minus the fate of a frame that has none.
 * @param padding bytes between the header and a bridged frame
 */
export function snapToIp(view: DataView, at: number, end: number, padding: number): number {
  if (at + HEADER > end) return -TRUNCATED;
  const organisation = view.getUint32(at) >>> 8;
  if (organisation === ETHER_TYPES || organisation === ETHER_TYPES_BRIDGED)
    return etherTypeToIp(view, at + PROTOCOL, end);
  const protocol = view.getUint16(at + PROTOCOL);
  const bridged = organisation === BRIDGED && (protocol === ETHERNET_WITH_FCS || protocol === ETHERNET_WITHOUT_FCS);
  return bridged ? ethernetToIp(view, at + HEADER + padding, end) : -NOT_IP;
}
