// ERF records one by one ("ERF types reference guide"): what a DAG card writes, and what none would.

export const erfTypes = {
  hdlcPos: 1,
  ethernet: 2,
  atm: 3,
  aal5: 4,
  multiHdlc: 5,
  colorHdlcPos: 10,
  colorEthernet: 11,
  ipCounter: 13,
  dsmColorHdlcPos: 15,
  dsmColorEthernet: 16,
  colorMultiHdlc: 17,
  colorHashHdlcPos: 19,
  colorHashEthernet: 20,
  infiniband: 21,
  ipv4: 22,
  ipv6: 23,
  rawLink: 24,
  meta: 27,
  pad: 48,
} as const;

/** Bytes that stand before the frame; what is in them must mean nothing. */
const before: Record<number, number> = { 2: 2, 11: 2, 16: 2, 20: 2, 5: 4, 17: 4 };

export interface ErfFields {
  type?: number;
  seconds?: number;
  /** Interface, varying length, truncated, errors. */
  flags?: number;
  wireLength?: number;
  /** Extension headers, 8 bytes each. */
  extensions?: number;
  /** The record's length where it is not what it should be. */
  length?: number;
}

/** The frame as a record, filled up to a multiple of 8 bytes with what is no part of it. */
export function erfRecord(frame: Uint8Array, fields: ErfFields = {}): Uint8Array {
  const { type = erfTypes.ethernet, seconds = 1_577_836_800, flags = 4, extensions = 0 } = fields;
  const frameAt = 16 + 8 * extensions + (before[type] ?? 0);
  const record = new Uint8Array((frameAt + frame.length + 7) & ~7).fill(0xee);
  const view = new DataView(record.buffer);
  const more = (index: number) => (index < extensions ? 0x80 : 0);
  view.setUint32(0, 0x80000000, true); // half a second
  view.setUint32(4, seconds, true);
  view.setUint8(8, type | more(0));
  view.setUint8(9, flags);
  view.setUint16(10, fields.length ?? record.length);
  view.setUint16(12, 3); // lost, or a color
  view.setUint16(14, fields.wireLength ?? frame.length);
  for (let index = 1; index <= extensions; index++) view.setUint8(8 + 8 * index, 3 | more(index));
  record.set(frame, frameAt);
  return record;
}
