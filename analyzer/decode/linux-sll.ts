// Linux "cooked" captures, versions 1 (16 bytes, EtherType last) and 2 (20 bytes, EtherType first).
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { etherPayloadToIp, etherTypeToIp } from './ethernet.ts';

const SLL_HARDWARE = 2;
const SLL_PROTOCOL = 14;
const SLL2_PROTOCOL = 0;
const SLL2_HARDWARE = 8;
const SLL2_HEADER = 20;
/** ARPHRD_ types whose protocol field is not an EtherType: netlink, GRE, 802.11 with radiotap, frame relay. */
const NOT_AN_ETHER_TYPE = [824, 778, 803, 770];

/** Offset of the IP header, or minus the fate of a frame that has none. */
export function sllToIp(view: DataView, at: number, end: number): number {
  if (at + SLL_PROTOCOL + 2 > end) return -TRUNCATED;
  if (NOT_AN_ETHER_TYPE.includes(view.getUint16(at + SLL_HARDWARE))) return -NOT_IP;
  return etherTypeToIp(view, at + SLL_PROTOCOL, end);
}

/** The same for version 2, whose protocol field is not followed by what it names. */
export function sll2ToIp(view: DataView, at: number, end: number): number {
  if (at + SLL2_HEADER > end) return -TRUNCATED;
  if (NOT_AN_ETHER_TYPE.includes(view.getUint16(at + SLL2_HARDWARE))) return -NOT_IP;
  return etherPayloadToIp(view, view.getUint16(at + SLL2_PROTOCOL), at + SLL2_HEADER, end);
}
