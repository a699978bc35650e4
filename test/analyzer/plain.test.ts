// The short way that plain frames take through the decoder gives what the long way gives: a frame behind an Ethernet header is decoded as
// the same IP packet is without one, which no short cut is made for.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { icmp, ip, tcp, tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { decode } from '../setup/decoding.ts';

const ETHERNET_HEADER = 14;
const RAW_IP = 101;

const frames = [
  tcpSyn({ dstPort: 23 }),
  tcpSyn({ dstPort: 2323, ipId: 54321 }),
  tcpSyn({ seq: 0xc6336401, dstAddr: '198.51.100.1' }),
  tcp({ flags: 0x12, srcPort: 80 }),
  tcp({ flags: 0x14 }),
  tcp({ flags: 0x29 }),
  udp({ srcPort: 53, dstPort: 53 }),
  udp({ srcPort: 123, dstPort: 4000 }),
  udp({ dstPort: 1900, payload: new Uint8Array(40) }),
  icmp({ type: 8 }),
  icmp({ type: 3, code: 1 }),
  icmp({ type: 40 }),
  ip({ fragmentOffset: 4 }, 6, new Uint8Array(40)),
  ip({}, 47, new Uint8Array(40)),
];

function expectSame(frame: Uint8Array): void {
  expect(decode(frame)).toEqual(decode(frame.subarray(ETHERNET_HEADER), { linkType: RAW_IP }));
}

test('frames of every kind, cut at every length, are decoded as their IP packets are', () => {
  for (const frame of frames) {
    const long = new Uint8Array(Math.max(frame.length, 64));
    long.set(frame);
    for (const whole of [frame, long]) {
      for (let length = ETHERNET_HEADER; length <= whole.length; length++) expectSame(whole.subarray(0, length));
    }
  }
});

test('frames with any bytes changed are decoded as their IP packets are', () => {
  const change = fc.record({ at: fc.nat(60), value: fc.nat(255) });
  fc.assert(
    fc.property(fc.constantFrom(...frames), fc.array(change, { minLength: 1, maxLength: 4 }), (frame, changes) => {
      const changed = new Uint8Array(64);
      changed.set(frame.subarray(0, 64));
      // The EtherType stays: what it says is not in the IP packet.
      for (const { at, value } of changes)
        if (ETHERNET_HEADER + at < changed.length) changed[ETHERNET_HEADER + at] = value;
      expectSame(changed);
    }),
    { seed: 8, numRuns: 5000 },
  );
});
