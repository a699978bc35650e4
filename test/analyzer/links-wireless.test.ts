// 802.11 and the headers of radios: what they may say, beyond the kinds of frames that decode.test.ts and fates.test.ts try.
import { expect, test } from 'vitest';
import { arp, tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { decode } from '../setup/decoding.ts';
import { join, linkTypes, packetIn } from '../setup/frames.ts';
import { avs, ppi, prism, qos, radiotap, wifi, wifiFlags } from '../setup/frames-wireless.ts';

const frame = tcpSyn({ dstPort: 23 });
const counted = { fate: 'counted', dstPort: 23 };
const { to, from, order } = wifiFlags;
const wifiFate = (made: Uint8Array) => decode(made, { linkType: linkTypes.wifi }).fate;

test('data frames are read with all that may stand in their header', () => {
  for (const subtype of [0, 1, 2, 3, qos, qos + 1, qos + 2, qos + 3]) {
    for (const flags of [0, to, from, to | from, to | order, to | from | order]) {
      const made = wifi(frame, { subtype, flags });
      expect(decode(made, { linkType: linkTypes.wifi }), `subtype ${subtype}, flags ${flags}`).toMatchObject(counted);
    }
  }
});

test('of an aggregate the first frame is the packet', () => {
  const made = wifi(frame, { subtype: qos, aggregated: 3 });
  expect(decode(made, { linkType: linkTypes.wifi })).toMatchObject(counted);
});

test.each([
  { what: 'data without data', made: wifi(frame, { subtype: 4 }) },
  { what: 'data with quality of service and without data', made: wifi(frame, { subtype: 12 }) },
  { what: 'ARP', made: wifi(arp()) },
  { what: 'a protected frame', made: wifi(frame, { flags: to | wifiFlags.protected }) },
  { what: 'a beacon', made: join([0x80], wifi(frame).subarray(1)) },
  { what: 'an acknowledgement', made: join([0xd4, 0, 0, 0], new Uint8Array(6)) },
  { what: 'an extension frame', made: join([0x0c], wifi(frame).subarray(1)) },
  { what: 'a frame of another version', made: join([0x09], wifi(frame).subarray(1)) },
])('$what is not IP', ({ made }) => {
  expect(wifiFate(made)).toBe('notIp');
  expect(decode(radiotap(made), { linkType: linkTypes.radiotap }).fate).toBe('notIp');
});

test('a control frame, which is shorter than a data frame, is not IP as soon as its flags are there', () => {
  const acknowledgement = join([0xd4, 0, 0, 0], new Uint8Array(6));
  const fates = [0, 1, 2, 10].map((length) => wifiFate(acknowledgement.subarray(0, length)));
  expect(fates).toEqual(['truncated', 'truncated', 'notIp', 'notIp']);
});

test('the header is padded only where radiotap says so', () => {
  const fields = [
    {},
    { time: true },
    { moreBits: 1 },
    { moreBits: 2, rest: 20 },
    { time: true, moreBits: 1 },
    { time: true, moreBits: 2, rest: 3 },
  ];
  for (const padded of [true, false]) {
    for (const subtype of [0, qos]) {
      for (const flags of [to, to | from, to | order]) {
        const made = wifi(frame, { subtype, flags, padded });
        for (const more of fields) {
          const inRadiotap = radiotap(made, { flags: padded ? 0x20 : 0x10, ...more });
          expect(decode(inRadiotap, { linkType: linkTypes.radiotap })).toMatchObject(counted);
        }
      }
    }
  }
});

test('what follows the flags, or stands where they would stand, says nothing about padding', () => {
  const made = radiotap(wifi(frame, { subtype: qos }), { rest: 8 });
  made.fill(0x20, 8, 16);
  expect(decode(made, { linkType: linkTypes.radiotap })).toMatchObject(counted);
});

test('the check sequence at the end changes nothing', () => {
  const made = join(radiotap(wifi(udp({ dstPort: 53 })), { flags: 0x10 }), [1, 2, 3, 4]);
  expect(decode(made, { linkType: linkTypes.radiotap })).toMatchObject({ fate: 'counted', dstPort: 53 });
});

test('a header shorter than itself is bad', () => {
  const radio = radiotap(wifi(frame));
  const information = ppi(wifi(frame), linkTypes.wifi);
  const aware = avs(wifi(frame));
  radio[2] = information[2] = aware[7] = 7;
  expect(decode(radio, { linkType: linkTypes.radiotap }).fate).toBe('badHeader');
  expect(decode(information, { linkType: linkTypes.ppi }).fate).toBe('badHeader');
  expect(decode(aware, { linkType: linkTypes.avs }).fate).toBe('badHeader');
});

test('bits that say more bits follow, up to the end of the header, are no flags', () => {
  const made = radiotap(wifi(frame), { flags: 0, moreBits: 1 });
  made[2] = 9; // the header ends within the second word of bits
  expect(decode(made, { linkType: linkTypes.radiotap }).fate).not.toBe('counted');
});

test("Prism's and AVS's headers are read in either byte order and version", () => {
  for (const littleEndian of [true, false]) {
    expect(decode(prism(wifi(frame), littleEndian), { linkType: linkTypes.prism })).toMatchObject(counted);
  }
  for (const version of [1, 2] as const) {
    expect(decode(avs(wifi(frame), version), { linkType: linkTypes.avs })).toMatchObject(counted);
    expect(decode(avs(wifi(frame), version), { linkType: linkTypes.prism })).toMatchObject(counted);
  }
});

test('PPI holds packets of any link type that is decoded', () => {
  expect(decode(ppi(packetIn(frame), linkTypes.raw), { linkType: linkTypes.ppi })).toMatchObject(counted);
  const inRadiotap = radiotap(wifi(frame), { flags: 0 });
  expect(decode(ppi(inRadiotap, linkTypes.radiotap), { linkType: linkTypes.ppi })).toMatchObject(counted);
  expect(decode(ppi(frame, 147), { linkType: linkTypes.ppi }).fate).toBe('unsupportedLink');
});
