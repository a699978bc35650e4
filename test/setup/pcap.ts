// Classic pcap field by field, for what the sample generator's writer has no need of: other writers' kinds, old versions, odd headers.

export const pcapMagics = {
  micros: 0xa1b2c3d4,
  nanos: 0xa1b23c4d,
  modified: 0xa1b2cd34,
  ixiaSoftware: 0x1c0001ab,
  ixiaHardware: 0x1c0001ac,
} as const;

export interface PcapFields {
  bigEndian?: boolean;
  magic?: number;
  version?: [major: number, minor: number];
  zone?: number;
  snapLength?: number;
  linkType?: number;
}

export interface PcapRecord {
  frame: Uint8Array;
  seconds?: number;
  fraction?: number;
  wireLength?: number;
  /** The two lengths the other way round. */
  wireFirst?: boolean;
  /** What stands in the record's header behind the usual 16 bytes. */
  more?: Uint8Array;
}

export function pcapFile(fields: PcapFields, records: readonly PcapRecord[]): Uint8Array {
  const { bigEndian = false, magic = pcapMagics.micros, version = [2, 4] } = fields;
  const words = (...values: number[]) => numbers(4, values, bigEndian);
  const pieces = [words(magic), numbers(2, version, bigEndian), words(fields.zone ?? 0, 0)];
  pieces.push(words(fields.snapLength ?? 65_535, fields.linkType ?? 1));
  const body: Uint8Array[] = [];
  for (const [number, record] of records.entries()) {
    const { frame, seconds = 1_577_836_800 + number, fraction = 250_000, wireLength = frame.length } = record;
    const lengths = record.wireFirst ? [wireLength, frame.length] : [frame.length, wireLength];
    body.push(words(seconds, fraction, ...lengths), record.more ?? new Uint8Array(0), frame);
  }
  const isIxia = magic === pcapMagics.ixiaSoftware || magic === pcapMagics.ixiaHardware;
  if (isIxia) pieces.push(words(body.reduce((sum, piece) => sum + piece.length, 0)));
  return new Uint8Array(Buffer.concat([...pieces, ...body]));
}

function numbers(size: 2 | 4, values: readonly number[], bigEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (const [index, value] of values.entries()) {
    if (size === 2) view.setUint16(2 * index, value, !bigEndian);
    else view.setUint32(4 * index, value, !bigEndian);
  }
  return new Uint8Array(view.buffer);
}

/** Interface, EtherType, kind of packet, padding: what Red Hat's and Kuznetzov's kinds have behind the usual fields. */
export function linuxMore(bigEndian = false): Uint8Array {
  return Buffer.concat([numbers(4, [2], bigEndian), numbers(2, [0x0800], bigEndian), Uint8Array.of(0, 0xee)]);
}

/** SuSE's kind: two more bytes of its own and three of padding. */
export function suseMore(bigEndian = false): Uint8Array {
  return Buffer.concat([linuxMore(bigEndian), Uint8Array.of(0xee, 0xee, 0xee, 0xee)]);
}

/** What Nokia's machines write there is not known. */
export function nokiaMore(bigEndian = false): Uint8Array {
  return numbers(4, [0x9fbfb601], bigEndian);
}
