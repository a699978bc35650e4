// Frames as the kernel's packet ring hands them over (TPACKET_V3, packet_mmap(7)): records behind one another, each naming where the
// next begins, but for the last of a block. All is little-endian: the machines that the program runs on are.
import { type FrameColumns, MAX_FRAME, type Reach } from './frames.ts';

// struct tpacket3_hdr
const NEXT = 0;
const SECONDS = 4;
const NANOSECONDS = 8;
const CAP_LENGTH = 12;
const WIRE_LENGTH = 16;
const STATUS = 20;
const FRAME_AT = 24;
const VLAN_CONTROL = 32;
const VLAN_PROTOCOL = 36;
const RECORD_HEADER = 48;
/** Records begin at multiples of this. */
const ALIGNMENT = 8;

/** The kernel took the frame's VLAN tag out and keeps it in the record. */
const VLAN_VALID = 1 << 4;
const VLAN_TAG_BYTES = 4;
/** The record says of which protocol the tag was; else it was IEEE 802.1Q. */
const VLAN_PROTOCOL_VALID = 1 << 6;
const IEEE_802_1Q = 0x8100;

export interface RingContext {
  container: 'ring';
  linkType: number;
}

/** Walks whole records from `from` while they start before `until` and end by `to`. */
export function walkRing(view: DataView, from: number, until: number, to: number): Reach {
  let at = from;
  while (at < until) {
    if (at + RECORD_HEADER > to) return { at, needs: RECORD_HEADER };
    const bytes = recordBytes(view, at);
    const inside = view.getUint16(at + FRAME_AT, true) + view.getUint32(at + CAP_LENGTH, true);
    if (inside < RECORD_HEADER || inside > bytes || bytes > 2 * MAX_FRAME)
      return { at, needs: 0, damage: `a record of the ring says it is ${bytes} bytes long` };
    if (at + bytes > to) return { at, needs: bytes };
    at += bytes;
  }
  return { at, needs: 0 };
}

/** Fills `frames` with whole records from `from` on, as many as fit; returns the offset behind the last one taken. */
export function readRing(view: DataView, from: number, to: number, context: RingContext, frames: FrameColumns): number {
  const { at, capLength, wireLength, seconds, linkType } = frames;
  const most = at.length;
  let rows = 0;
  let record = from;
  while (rows < most && record < to) {
    const tag = view.getUint32(record + STATUS, true) & VLAN_VALID ? VLAN_TAG_BYTES : 0;
    at[rows] = record + view.getUint16(record + FRAME_AT, true);
    capLength[rows] = view.getUint32(record + CAP_LENGTH, true);
    wireLength[rows] = view.getUint32(record + WIRE_LENGTH, true) + tag;
    seconds[rows] = view.getUint32(record + SECONDS, true);
    linkType[rows] = context.linkType;
    record += recordBytes(view, record);
    rows++;
  }
  frames.rows = rows;
  return record;
}

export interface RingRecord {
  /** Where the next one begins. */
  next: number;
  seconds: number;
  nanoseconds: number;
  /** Where the frame lies. */
  frame: number;
  captured: number;
  onWire: number;
  /** The VLAN tag that the kernel took out. */
  tag: { protocol: number; control: number } | undefined;
}

/** All of one record; where every frame is counted, `readRing` reads many at once. */
export function readRingRecord(view: DataView, at: number): RingRecord {
  const status = view.getUint32(at + STATUS, true);
  const control = view.getUint32(at + VLAN_CONTROL, true) & 0xffff;
  const protocol = status & VLAN_PROTOCOL_VALID ? view.getUint16(at + VLAN_PROTOCOL, true) : IEEE_802_1Q;
  return {
    next: at + recordBytes(view, at),
    seconds: view.getUint32(at + SECONDS, true),
    nanoseconds: view.getUint32(at + NANOSECONDS, true),
    frame: at + view.getUint16(at + FRAME_AT, true),
    captured: view.getUint32(at + CAP_LENGTH, true),
    onWire: view.getUint32(at + WIRE_LENGTH, true),
    tag: status & VLAN_VALID ? { protocol, control } : undefined,
  };
}

/** The last record of a block names no next one: it ends where its frame does, and the next block's records follow. */
function recordBytes(view: DataView, at: number): number {
  const next = view.getUint32(at + NEXT, true);
  if (next !== 0) return next;
  const end = view.getUint16(at + FRAME_AT, true) + view.getUint32(at + CAP_LENGTH, true);
  return Math.ceil(end / ALIGNMENT) * ALIGNMENT;
}
