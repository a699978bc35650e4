// The fates of frames: every frame read gets exactly one. Invariant: frames read = counted + the sum of all other fates.

export const FATES = [
  { fate: 'counted', why: 'decoded, inside the darknet, with a sensible time: it is in the tables' },
  { fate: 'truncated', why: 'the capture cut the frame before the end of a header that is needed' },
  { fate: 'notIp', why: 'neither IPv4 nor IPv6 (ARP, spanning tree, …)' },
  { fate: 'badHeader', why: 'a header contradicts itself: version, header length or total length' },
  { fate: 'laterFragment', why: 'a fragment that is not the first: it has no ports' },
  { fate: 'unsupportedLink', why: 'a link type that is not decoded' },
  { fate: 'badTime', why: 'no time, or one outside the accepted range (--earliest, --latest)' },
  { fate: 'outsideDarknet', why: 'sent to an address outside the monitored prefixes (--darknet)' },
] as const;

export type FateName = (typeof FATES)[number]['fate'];

export const COUNTED = 0;
export const TRUNCATED = 1;
export const NOT_IP = 2;
export const BAD_HEADER = 3;
export const LATER_FRAGMENT = 4;
export const UNSUPPORTED_LINK = 5;
export const BAD_TIME = 6;
export const OUTSIDE_DARKNET = 7;
