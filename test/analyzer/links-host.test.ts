// What hosts log and tap: what their headers may say, beyond the kinds of frames that decode.test.ts and fates.test.ts try.
import { expect, test } from 'vitest';
import { arp, tcpSyn } from '../../sample-pcaps/packets.ts';
import { decode } from '../setup/decoding.ts';
import { linkTypes, loopback, packetIn } from '../setup/frames.ts';
import { enc, nflog, nflogTypes, pflog, pktap, pktap2 } from '../setup/frames-host.ts';

const frame = tcpSyn({ dstPort: 23 });
const frame6 = tcpSyn({ dstAddr: '2001:db8:64::1', dstPort: 23 });
const counted = { fate: 'counted', dstPort: 23 };

test('NFLOG fields of any length are stepped over, in either byte order', () => {
  for (const littleEndian of [true, false]) {
    for (let length = 0; length < 9; length++) {
      const made = nflog(frame, { littleEndian, before: [[nflogTypes.prefix, new Uint8Array(length).fill(9)]] });
      expect(decode(made, { linkType: linkTypes.nflog }), `${length} bytes`).toMatchObject(counted);
    }
    const first = nflog(frame, { littleEndian, before: [] });
    expect(decode(first, { linkType: linkTypes.nflog })).toMatchObject(counted);
  }
});

test('NFLOG of another family is not IP, one with an impossible field is bad, one without a packet was cut', () => {
  expect(decode(nflog(arp(), { family: 3 }), { linkType: linkTypes.nflog }).fate).toBe('notIp');
  const impossible = nflog(frame);
  impossible[4] = 3;
  expect(decode(impossible, { linkType: linkTypes.nflog }).fate).toBe('badHeader');
  expect(decode(nflog(frame).subarray(0, 12), { linkType: linkTypes.nflog }).fate).toBe('truncated');
});

test.each([45, 48, 61, 64, 68, 69, 72, 100])('PFLOG headers of %i bytes are padded to four', (length) => {
  expect(decode(pflog(frame, length), { linkType: linkTypes.pflog })).toMatchObject(counted);
});

test.each([24, 28, 30])('family %i is IPv6 on some BSD', (family) => {
  expect(decode(pflog(frame6, 61, family), { linkType: linkTypes.pflog })).toMatchObject({ ...counted, version: 6 });
  const tapped = enc(frame6);
  tapped[0] = family;
  expect(decode(tapped, { linkType: linkTypes.enc })).toMatchObject({ ...counted, version: 6 });
});

test('PFLOG and enc of another family are not IP, and a header shorter than any is bad', () => {
  expect(decode(pflog(frame, 61, 7), { linkType: linkTypes.pflog }).fate).toBe('notIp');
  expect(decode(pflog(frame, 44), { linkType: linkTypes.pflog }).fate).toBe('badHeader');
  const tapped = enc(frame);
  tapped[0] = 7;
  expect(decode(tapped, { linkType: linkTypes.enc }).fate).toBe('notIp');
});

test('PKTAP holds packets of any link type that is decoded', () => {
  expect(decode(pktap(loopback(frame, false), linkTypes.loop), { linkType: linkTypes.pktap })).toMatchObject(counted);
  expect(decode(pktap2(packetIn(frame), linkTypes.rawBsd), { linkType: linkTypes.pktap })).toMatchObject(counted);
  expect(decode(pktap(frame, 147), { linkType: linkTypes.pktap }).fate).toBe('unsupportedLink');
  const twice = pktap(pktap(frame, linkTypes.ethernet), linkTypes.pktap);
  expect(decode(twice, { linkType: linkTypes.pktap }).fate).toBe('unsupportedLink');
});

test('PKTAP that is not a packet is not IP, and one shorter than its header is bad', () => {
  expect(decode(pktap(frame, linkTypes.ethernet, 0), { linkType: linkTypes.pktap }).fate).toBe('notIp');
  const short = pktap(frame, linkTypes.ethernet);
  short[0] = 39;
  expect(decode(short, { linkType: linkTypes.pktap }).fate).toBe('badHeader');
});

test('the number for private use is decoded where it is PKTAP, and nowhere else', () => {
  expect(decode(pktap(frame, linkTypes.ethernet), { linkType: linkTypes.user2 })).toMatchObject(counted);
  for (const other of [frame, packetIn(frame), new Uint8Array(0), pktap(frame, linkTypes.ethernet, 0)]) {
    expect(decode(other, { linkType: linkTypes.user2 }).fate).toBe('unsupportedLink');
  }
});
