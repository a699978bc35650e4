// Local networks beside Ethernet: what their headers may say, beyond the kinds of frames that decode.test.ts and fates.test.ts try.
import { expect, test } from 'vitest';
import { arp, tcpSyn } from '../../sample-pcaps/packets.ts';
import { decode } from '../setup/decoding.ts';
import { linkTypes } from '../setup/frames.ts';
import { appleIeee1394, fddi, fibreChannel, ipoib, netanalyzer, tokenRing } from '../setup/frames-lan.ts';

const frame = tcpSyn({ dstPort: 23 });
const counted = { fate: 'counted', dstPort: 23 };

test.each([2, 6, 18, 30])('token ring frames have a route of %i bytes', (route) => {
  expect(decode(tokenRing(frame, route), { linkType: linkTypes.tokenRing })).toMatchObject(counted);
});

test('the priority of an FDDI frame changes nothing', () => {
  for (const frameControl of [0x50, 0x57]) {
    expect(decode(fddi(frame, frameControl), { linkType: linkTypes.fddi })).toMatchObject(counted);
  }
});

test.each([
  { what: "token ring's own control", made: tokenRing(frame, 0, 0), linkType: linkTypes.tokenRing },
  { what: 'ARP on token ring', made: tokenRing(arp()), linkType: linkTypes.tokenRing },
  { what: "FDDI's station management", made: fddi(frame, 0x41), linkType: linkTypes.fddi },
  { what: 'ARP on FDDI', made: fddi(arp()), linkType: linkTypes.fddi },
  { what: 'ARP on Fibre Channel', made: fibreChannel(arp()), linkType: linkTypes.fibreChannel },
  { what: 'ARP on IEEE 1394', made: appleIeee1394(arp()), linkType: linkTypes.appleIeee1394 },
  { what: 'ARP on InfiniBand', made: ipoib(arp()), linkType: linkTypes.ipoib },
  { what: 'ARP seen by a netANALYZER', made: netanalyzer(arp()), linkType: linkTypes.netanalyzer },
])('$what is not IP', ({ made, linkType }) => {
  expect(decode(made, { linkType })).toMatchObject({ fate: 'notIp', version: 0 });
});
