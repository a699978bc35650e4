// IEEE 802.11 and the headers of radios before it, put around the packets of Ethernet frames.
import { vlan } from '../../sample-pcaps/packets.ts';
import { join, linkTypes, type Wrapped } from './frames.ts';
import { llcSnap } from './frames-wan.ts';

export interface WifiFields {
  /** The upper half of the first byte: 0 is data, 8 data with quality of service. */
  subtype?: number;
  /** The second byte: 1 to and 2 from the distribution system, 0x40 protected, 0x80 order. */
  flags?: number;
  /** Makes the body an aggregate of this many frames. */
  aggregated?: number;
  /** Pads the header to a multiple of four bytes. */
  padded?: boolean;
}

export const wifiFlags = { to: 1, from: 2, protected: 0x40, order: 0x80 } as const;
export const qos = 8;

/** A data frame. */
export function wifi(frame: Uint8Array, fields: WifiFields = {}): Uint8Array {
  const { subtype = 0, flags = wifiFlags.to, aggregated = 0, padded = false } = fields;
  const address = [2, 0, 0, 0, 0, 3];
  const fourth = (flags & 3) === 3 ? [2, 0, 0, 0, 0, 4] : [];
  const control = subtype >= qos ? [aggregated > 0 ? 0x80 : 0, 0] : [];
  const highThroughput = subtype >= qos && (flags & wifiFlags.order) !== 0 ? [0, 0, 0, 0] : [];
  const addresses = frame.subarray(0, 12);
  const header = join(
    [(subtype << 4) | 8, flags, 0, 0],
    addresses,
    address,
    [0x10, 0],
    fourth,
    control,
    highThroughput,
  );
  const padding = new Uint8Array(padded ? -header.length & 3 : 0);
  const body = llcSnap(frame);
  if (aggregated === 0) return join(header, padding, body);
  const subframe = join(addresses, [body.length >>> 8, body.length & 0xff], body);
  const gap = new Uint8Array(-subframe.length & 3);
  return join(
    header,
    padding,
    ...Array.from({ length: aggregated }, (_, index) => join(index === 0 ? [] : gap, subframe)),
  );
}

export interface RadiotapFields {
  /** Has a time stamp of eight bytes before the flags. */
  time?: boolean;
  /** The field "flags"; left out when undefined. 0x10: with check sequence, 0x20: the header of 802.11 is padded. */
  flags?: number | undefined;
  /** More words of bits, each of which says that another follows. */
  moreBits?: number;
  /** Bytes behind the fields. */
  rest?: number;
}

export function radiotap(
  frame: Uint8Array,
  { time = false, flags, moreBits = 0, rest = 0 }: RadiotapFields = {},
): Uint8Array {
  const present = (time ? 1 : 0) | (flags === undefined ? 0 : 2);
  const word = (index: number): number[] => [index === 0 ? present : 0, 0, 0, index < moreBits ? 0x80 : 0];
  const words = Array.from({ length: moreBits + 1 }, (_, index) => word(index)).flat();
  const fields = [...words];
  if (time) fields.push(...new Uint8Array(-(4 + fields.length) & 7), ...new Uint8Array(8).fill(0xff));
  if (flags !== undefined) fields.push(flags);
  const length = 4 + fields.length + rest;
  return join([0, 0, length & 0xff, length >>> 8], fields, new Uint8Array(rest), frame);
}

/** AVS's header of 64 bytes (version 1), or 80 (version 2). */
export function avs(frame: Uint8Array, version: 1 | 2 = 1): Uint8Array {
  const length = version === 1 ? 64 : 80;
  return join([0x80, 0x21, 0x10, version, 0, 0, 0, length], new Uint8Array(length - 8), frame);
}

export function prism(frame: Uint8Array, littleEndian = true): Uint8Array {
  const code = littleEndian ? [0x44, 0, 0, 0, 144, 0, 0, 0] : [0, 0, 0, 0x44, 0, 0, 0, 144];
  return join(code, new Uint8Array(136), frame);
}

export function ppi(frame: Uint8Array, linkType: number, fields = 12): Uint8Array {
  return join([0, 0, 8 + fields, 0, linkType & 0xff, linkType >>> 8, 0, 0], new Uint8Array(fields), frame);
}

export function wirelessFrames(frame: Uint8Array): Wrapped[] {
  const { to, from, order } = wifiFlags;
  const plain = wifi(frame);
  return [
    ['802.11', linkTypes.wifi, plain],
    ['802.11 from the distribution system', linkTypes.wifi, wifi(frame, { flags: from })],
    ['802.11 with four addresses', linkTypes.wifi, wifi(frame, { flags: to | from })],
    ['802.11 with quality of service', linkTypes.wifi, wifi(frame, { subtype: qos })],
    ['802.11 with HT control', linkTypes.wifi, wifi(frame, { subtype: qos, flags: to | order })],
    ['802.11 with everything', linkTypes.wifi, wifi(frame, { subtype: qos, flags: to | from | order })],
    ['802.11 with a VLAN tag', linkTypes.wifi, wifi(vlan(frame, 64))],
    ['an 802.11 aggregate', linkTypes.wifi, wifi(frame, { subtype: qos, aggregated: 1 })],
    ['radiotap', linkTypes.radiotap, radiotap(plain, { time: true, flags: 0, rest: 9 })],
    ['radiotap without any field', linkTypes.radiotap, radiotap(plain)],
    [
      'radiotap with a padded header',
      linkTypes.radiotap,
      radiotap(wifi(frame, { subtype: qos, padded: true }), { time: true, flags: 0x20, moreBits: 2 }),
    ],
    ['Prism', linkTypes.prism, prism(plain)],
    ['AVS', linkTypes.avs, avs(plain)],
    ['AVS where Prism is meant', linkTypes.prism, avs(plain, 2)],
    ['PPI', linkTypes.ppi, ppi(plain, linkTypes.wifi)],
    ['PPI of Ethernet', linkTypes.ppi, ppi(frame, linkTypes.ethernet, 0)],
  ];
}
