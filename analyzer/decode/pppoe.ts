// PPP over Ethernet (RFC 2516): six bytes of its own, then the PPP protocol number.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { PPP_IPV4, PPP_IPV6 } from './ppp-protocols.ts';

/** 0 in a session; everything else is discovery. */
const CODE = 1;
const PROTOCOL = 6;
const HEADER = 8;

/** Offset of the IP header behind the PPPoE header at `at`, or minus the fate of a frame that has none. */
export function pppoeToIp(view: DataView, at: number, end: number): number {
  if (at + HEADER > end) return -TRUNCATED;
  if (view.getUint8(at + CODE) !== 0) return -NOT_IP;
  const protocol = view.getUint16(at + PROTOCOL);
  return protocol === PPP_IPV4 || protocol === PPP_IPV6 ? at + HEADER : -NOT_IP;
}
