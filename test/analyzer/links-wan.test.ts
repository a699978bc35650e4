// Serial lines and ATM: what their headers may say, beyond the kinds of frames that decode.test.ts and fates.test.ts try.
import { expect, test } from 'vitest';
import { arp, tcpSyn } from '../../sample-pcaps/packets.ts';
import { decode } from '../setup/decoding.ts';
import { etherTypeOf, join, linkTypes, packetIn } from '../setup/frames.ts';
import {
  bridgedInAtm,
  bridgedInFrameRelay,
  frameRelay,
  frameRelayOfCisco,
  llcSnap,
  nlpids,
  pppEther,
  slip,
  snapOf,
  sunAtm,
} from '../setup/frames-wan.ts';

const frame = tcpSyn({ dstPort: 23 });
const counted = { fate: 'counted', dstPort: 23 };
const { frameRelay: relay } = linkTypes;

test.each([2, 3, 4])(
  'Frame Relay has addresses of %i bytes, with and without padding behind the control byte',
  (addressBytes) => {
    for (const padding of [true, false]) {
      expect(decode(frameRelay(frame, { addressBytes, padding }), { linkType: relay })).toMatchObject(counted);
      const header = { nlpid: nlpids.snap, header: snapOf(frame) };
      expect(decode(frameRelay(frame, { addressBytes, padding, ...header }), { linkType: relay })).toMatchObject(
        counted,
      );
    }
  },
);

test('Ethernet is bridged over Frame Relay with its check sequence and without', () => {
  for (const check of [true, false]) {
    expect(decode(bridgedInFrameRelay(frame, check), { linkType: relay })).toMatchObject(counted);
  }
});

test('an organisation that bridges put there leaves the EtherType what it is', () => {
  expect(decode(llcSnap(frame, [0, 0, 0xf8]), { linkType: linkTypes.atm })).toMatchObject(counted);
});

const ipAtOdds = packetIn(frame);
test.each([
  { what: 'Frame Relay with an address of one byte', made: join([0x19, 3, 0xcc], ipAtOdds), linkType: relay },
  {
    what: 'Frame Relay with an address of five bytes',
    made: join([0x18, 0x40, 4, 4, 5, 3, 0xcc], ipAtOdds),
    linkType: relay,
  },
  { what: "Frame Relay's own control", made: join([0, 1, 3, 8, 0, 0x75, 0x95], new Uint8Array(8)), linkType: relay },
  { what: 'IS-IS in Frame Relay', made: frameRelay(frame, { nlpid: 0x83 }), linkType: relay },
  { what: 'ARP in Frame Relay of Cisco', made: frameRelayOfCisco(arp()), linkType: relay },
  {
    what: 'spanning tree over Frame Relay',
    made: join([0x18, 0x41, 3, 0, 0x80, 0, 0x80, 0xc2, 0, 14], ipAtOdds),
    linkType: relay,
  },
  { what: 'ARP over ATM', made: llcSnap(arp()), linkType: linkTypes.atm },
  { what: 'ARP in Ethernet over ATM', made: bridgedInAtm(arp()), linkType: linkTypes.atm },
  { what: "an organisation's own protocol", made: llcSnap(frame, [0, 0, 0x0c]), linkType: linkTypes.atm },
  { what: 'spanning tree over ATM', made: join([0x42, 0x42, 3], new Uint8Array(35)), linkType: linkTypes.atm },
  { what: "SunATM's signalling", made: join([0x86, 0, 0, 5], new Uint8Array(40)), linkType: linkTypes.sunAtm },
  { what: 'ARP of SunATM', made: sunAtm(arp(), 2), linkType: linkTypes.sunAtm },
  { what: 'PPPoE discovery alone', made: join([0x11, 9], pppEther(frame).subarray(2)), linkType: linkTypes.pppEther },
  {
    what: "PPP's own control with a direction",
    made: join([0, 0xff, 3, 0xc0, 0x21, 1, 1]),
    linkType: linkTypes.pppWithDirection,
  },
  { what: "Cisco HDLC's own control on a serial line", made: join([0x8f, 0, 0x80, 0x35]), linkType: linkTypes.pppHdlc },
  {
    what: 'ARP in Cisco HDLC',
    made: join([0x0f, 0], etherTypeOf(arp()), packetIn(arp())),
    linkType: linkTypes.ciscoHdlc,
  },
])('$what is not IP', ({ made, linkType }) => {
  expect(decode(made, { linkType })).toMatchObject({ fate: 'notIp', version: 0 });
});

test('the packet behind a SLIP header is never compressed, whatever the header says', () => {
  for (const packetType of [0x40, 0x71, 0x8f]) {
    const made = slip(frame);
    made[1] = packetType;
    expect(decode(made, { linkType: linkTypes.slip })).toMatchObject(counted);
  }
});
