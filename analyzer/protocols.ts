// IP protocol numbers (IANA) that have a meaning of their own here.

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;
