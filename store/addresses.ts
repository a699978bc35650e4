// Addresses as SQL: IPv4 stands as ::ffff:a.b.c.d, and is a number of 32 bits where many are compared: keys and sets then take half the time.

export const IS_IPV4 = 'bitShiftRight(toUInt128(srcAddr), 32) = 0xffff';
/** All others, as ranges: of a table in the order of its addresses the index leaves nearly nothing to read. */
export const IS_IPV6 = "(srcAddr < toIPv6('::ffff:0.0.0.0') OR srcAddr > toIPv6('::ffff:255.255.255.255'))";
export const ipv4Number = (address: string) => `toUInt32(toUInt128(${address}))`;
export const IPV4_NUMBER = ipv4Number('srcAddr');
/** Such a number as an address again. */
export const ipv4Of = (number: string) => `toIPv6(toIPv4(${number}))`;
