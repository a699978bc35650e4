// BSD loopback: four bytes of address family, in the byte order of the machine that captured (NULL) or of the network (LOOP).
import { NOT_IP, TRUNCATED } from '../fates.ts';

const HEADER = 4;
const AF_INET = 2;
/** AF_INET6 on NetBSD/OpenBSD, FreeBSD and macOS. */
const AF_INET6 = [24, 28, 30];

/** Offset of the IP header, or minus the fate of a frame that has none. */
export function loopbackToIp(view: DataView, at: number, end: number): number {
  if (at + HEADER > end) return -TRUNCATED;
  const big = view.getUint32(at);
  const family = big <= 0xffff ? big : view.getUint32(at, true);
  return isIpFamily(family) ? at + HEADER : -NOT_IP;
}

/** Whether an address family is that of IPv4 or of IPv6 on any BSD. */
export function isIpFamily(family: number): boolean {
  return family === AF_INET || AF_INET6.includes(family);
}
