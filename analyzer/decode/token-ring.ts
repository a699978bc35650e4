// Token ring (IEEE 802.5): access and frame control, two addresses, perhaps a route through bridges, then LLC.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { llcToIp } from './llc.ts';

const FRAME_CONTROL = 1;
/** The upper two bits: LLC, or the ring's own control. */
const FRAME_TYPE = 0xc0;
const LLC = 0x40;
const SRC_ADDRESS = 8;
/** Its first bit says that a route follows the addresses. */
const ROUTED = 0x80;
const HEADER = 14;
/** Of a route's first byte: its length, this field included. */
const ROUTE_LENGTH = 0x1f;

/** Offset of the IP header, or minus the fate of a frame that has none. */
export function tokenRingToIp(view: DataView, at: number, end: number): number {
  if (at + HEADER > end) return -TRUNCATED;
  if ((view.getUint8(at + FRAME_CONTROL) & FRAME_TYPE) !== LLC) return -NOT_IP;
  if ((view.getUint8(at + SRC_ADDRESS) & ROUTED) === 0) return llcToIp(view, at + HEADER, end);
  if (at + HEADER >= end) return -TRUNCATED;
  return llcToIp(view, at + HEADER + (view.getUint8(at + HEADER) & ROUTE_LENGTH), end);
}
