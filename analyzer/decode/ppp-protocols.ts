// PPP protocol numbers (RFC 1332, RFC 5072, RFC 3032) of what we look into; PPPoE has the same.

export const PPP_IPV4 = 0x0021;
export const PPP_IPV6 = 0x0057;
export const PPP_MPLS = 0x0281;
export const PPP_MPLS_MULTICAST = 0x0283;
