// Classic pcap: a 24-byte file header, then records of 16 bytes and the frame (draft-ietf-opsawg-pcap), in either byte order,
// with microseconds or nanoseconds; also Kuznetzov's "modified" form, whose record headers are 24 bytes long.
import { type FrameColumns, MAX_FRAME, type Reach } from './frames.ts';

export const FILE_HEADER = 24;
const MAJOR = 4;
const MINOR = 6;
const NETWORK = 20;

const SECONDS = 0;
const CAP_LENGTH = 8;
const WIRE_LENGTH = 12;

const MAGIC_MICROS = 0xa1b2c3d4;
const MAGIC_NANOS = 0xa1b23c4d;
const MAGIC_MODIFIED = 0xa1b2cd34;

/** What is needed to read records from any offset of the file. */
export interface PcapContext {
  container: 'pcap';
  littleEndian: boolean;
  linkType: number;
  /** 16, or 24 in the modified form. */
  recordHeader: number;
  /** Where the record header keeps the two lengths; files before version 2.3 have them the other way round. */
  capLengthAt: number;
  wireLengthAt: number;
  /** Version 2.3 exists both ways, so its captured length is the smaller of the two (libpcap's MAYBE_SWAPPED). */
  eitherOrder: boolean;
}

/** True when these first four bytes open a classic pcap file. */
export function isPcap(magic: number): boolean {
  return byteOrder(magic) !== undefined;
}

function byteOrder(magicBigEndian: number): { littleEndian: boolean; magic: number } | undefined {
  const swapped =
    ((magicBigEndian >>> 24) |
      ((magicBigEndian >>> 8) & 0xff00) |
      ((magicBigEndian << 8) & 0xff0000) |
      (magicBigEndian << 24)) >>>
    0;
  for (const magic of [MAGIC_MICROS, MAGIC_NANOS, MAGIC_MODIFIED]) {
    if (magicBigEndian === magic) return { littleEndian: false, magic };
    if (swapped === magic) return { littleEndian: true, magic };
  }
  return undefined;
}

/**
 * Reads the file header; `view` must hold FILE_HEADER bytes from `at` on.
 * @throws Error when the version is not 2.x: nothing is known of such a file's records
 */
export function openPcap(view: DataView, at: number): PcapContext {
  const order = byteOrder(view.getUint32(at));
  if (order === undefined) throw new Error('not a classic pcap file');
  const { littleEndian, magic } = order;
  const major = view.getUint16(at + MAJOR, littleEndian);
  const minor = view.getUint16(at + MINOR, littleEndian);
  if (major !== 2) throw new Error(`pcap version ${major}.${minor} is not known (2.x is)`);
  const swapped = minor < 3;
  return {
    container: 'pcap',
    littleEndian,
    // The upper bits of the field tell of frame check sequences, not of the link type (libpcap's LT_LINKTYPE).
    linkType: view.getUint32(at + NETWORK, littleEndian) & 0x03ffffff,
    recordHeader: magic === MAGIC_MODIFIED ? 24 : 16,
    capLengthAt: swapped ? WIRE_LENGTH : CAP_LENGTH,
    wireLengthAt: swapped ? CAP_LENGTH : WIRE_LENGTH,
    eitherOrder: minor === 3,
  };
}

/** Walks whole records from `from` while they start before `until` and end by `to`. */
export function walkPcap(view: DataView, from: number, until: number, to: number, context: PcapContext): Reach {
  const { littleEndian, recordHeader, capLengthAt, wireLengthAt, eitherOrder } = context;
  let at = from;
  while (at < until) {
    if (at + recordHeader > to) return { at, needs: recordHeader };
    let capLength = view.getUint32(at + capLengthAt, littleEndian);
    if (eitherOrder) capLength = Math.min(capLength, view.getUint32(at + wireLengthAt, littleEndian));
    if (capLength > MAX_FRAME) {
      return { at, needs: 0, damage: `a record says it holds ${capLength} bytes (at most ${MAX_FRAME} can be)` };
    }
    const next = at + recordHeader + capLength;
    if (next > to) return { at, needs: next - at };
    at = next;
  }
  return { at, needs: 0 };
}

/** Fills `frames` with whole records from `from` on, as many as fit; returns the offset behind the last one taken. */
export function readPcap(view: DataView, from: number, to: number, context: PcapContext, frames: FrameColumns): number {
  const { littleEndian, linkType: link, recordHeader, capLengthAt, wireLengthAt, eitherOrder } = context;
  const { at, capLength, wireLength, seconds, linkType } = frames;
  const most = at.length;
  let rows = 0;
  let record = from;
  while (rows < most && record < to) {
    let captured = view.getUint32(record + capLengthAt, littleEndian);
    let onWire = view.getUint32(record + wireLengthAt, littleEndian);
    if (eitherOrder && captured > onWire) [captured, onWire] = [onWire, captured];
    at[rows] = record + recordHeader;
    capLength[rows] = captured;
    wireLength[rows] = onWire;
    seconds[rows] = view.getUint32(record + SECONDS, littleEndian);
    linkType[rows] = link;
    record += recordHeader + captured;
    rows++;
  }
  frames.rows = rows;
  return record;
}
