// What UDP probes carry: for well-known services a short, harmless request of that protocol, else a few zero bytes.

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const hex = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value.replaceAll(' ', ''), 'hex'));

/** DNS query for "example.com", type A (RFC 1035). */
const dnsQuery = hex('1a2b 0100 0001 0000 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001');

const requests: Record<number, Uint8Array> = {
  53: dnsQuery,
  // NTP client request, version 3 (RFC 1305): only its first byte is not zero.
  123: Uint8Array.from({ length: 48 }, (_, at) => (at === 0 ? 0x1b : 0)),
  137: hex(
    '1a2b 0010 0001 0000 0000 0000 20 434b 414141414141414141414141414141414141414141414141414141414141 00 0021 0001',
  ),
  161: hex('3026 0201 01 0406 7075626c6963 a019 0204 00000001 0201 00 0201 00 300b 3009 0605 2b06010201 0500'),
  389: hex('3025 0201 01 6320 0400 0a01 00 0a01 00 0201 00 0201 00 0101 00 870b 6f626a656374636c617373 3000'),
  1900: text('M-SEARCH * HTTP/1.1\r\nHOST:239.255.255.250:1900\r\nMAN:"ssdp:discover"\r\nMX:1\r\nST:ssdp:all\r\n\r\n'),
  5060: text('OPTIONS sip:100@198.51.100.1 SIP/2.0\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n'),
  11211: hex('0000 0000 0001 0000 73746174730d0a'),
  53413: hex('4141 0000 41414141'),
};

/** The payload of a probe to a UDP port. */
export function udpRequest(dstPort: number): Uint8Array {
  return requests[dstPort] ?? new Uint8Array(8);
}

/** The answer that a name server gives to `dnsQuery`: one address record, 192.0.2.80. */
export const dnsAnswer = hex(
  `1a2b 8180 0001 0001 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001 c00c 0001 0001 00000e10 0004 c0000250`,
);

/** What an ICMP echo request of 32 bytes carries. */
export const echoPayload = text('abcdefghijklmnopqrstuvwabcdefghi');
