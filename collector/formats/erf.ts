// ERF, the format of Endace's DAG cards ("ERF types reference guide"): records and nothing else, no file header and no magic number.
// A record has a header of 16 bytes, extension headers of 8, for some types a few bytes more, and then the frame.
import { ERF_BEFORE, ERF_LINKS, HDLC, LAST_PUBLIC, LINKTYPE_ERF, NO_FRAME, PAD } from './erf-types.ts';
import type { FrameColumns, Reach } from './frames.ts';

/** Upper half of a little-endian fixed-point number: seconds since 1970. All other fields are big-endian. */
const SECONDS = 4;
/** The top bit says that an extension header follows. */
const TYPE = 8;
/** Of the whole record. */
const LENGTH = 10;
const WIRE_LENGTH = 14;
const HEADER = 16;
const EXTENSION = 8;
const MORE = 0x80;

const CISCO_HDLC = 104;
const PPP_HDLC = 50;
/** First byte of Cisco's HDLC: to one station, to all. */
const CISCO_UNICAST = 0x0f;
const CISCO_MULTICAST = 0x8f;

/** Nothing but the bytes themselves says what a record means. */
export interface ErfContext {
  container: 'erf';
}

function typeAt(view: DataView, at: number): number {
  return view.getUint8(at + TYPE) & ~MORE;
}

/** Bytes before the frame of the whole record at `at`; more than `length` when the record is too short for them. */
function headersOf(view: DataView, at: number, length: number): number {
  let size = HEADER;
  let field = at + TYPE;
  while ((view.getUint8(field) & MORE) !== 0) {
    if (size + EXTENSION > length) return length + 1;
    field = at + size;
    size += EXTENSION;
  }
  return size + ERF_BEFORE[typeAt(view, at)]!;
}

/** What is wrong with the record at `at`, as far as its header says. */
function headerDamage(view: DataView, at: number): string | undefined {
  const type = typeAt(view, at);
  if (type === 0 || type > PAD) return `a record of type ${type}, which ERF does not have`;
  const length = view.getUint16(at + LENGTH);
  return length < HEADER ? `a record says it is ${length} bytes long` : undefined;
}

/** Walks whole records from `from` while they start before `until` and end by `to`. */
export function walkErf(view: DataView, from: number, until: number, to: number): Reach {
  let at = from;
  while (at < until) {
    if (at + HEADER > to) return { at, needs: HEADER };
    const damage = headerDamage(view, at);
    if (damage !== undefined) return { at, needs: 0, damage };
    const length = view.getUint16(at + LENGTH);
    if (at + length > to) return { at, needs: length };
    if (headersOf(view, at, length) > length) {
      return { at, needs: 0, damage: `a record of ${length} bytes is too short for its own headers` };
    }
    at += length;
  }
  return { at, needs: 0 };
}

/**
 * Fills `frames` from records that `walkErf` has found whole, as many as fit; returns the offset behind the last one taken.
 * Records are filled up to a multiple of 8 bytes, so a frame ends where it ended on the wire, if not before.
 */
export function readErf(view: DataView, from: number, to: number, frames: FrameColumns): number {
  const { at, capLength, wireLength, seconds, linkType } = frames;
  const most = at.length;
  let rows = 0;
  let record = from;
  while (rows < most && record < to) {
    const length = view.getUint16(record + LENGTH);
    const link = ERF_LINKS[typeAt(view, record)]!;
    if (link !== NO_FRAME) {
      const headers = link === LINKTYPE_ERF ? 0 : headersOf(view, record, length);
      const onWire = view.getUint16(record + WIRE_LENGTH);
      const captured = link === LINKTYPE_ERF ? length : Math.min(length - headers, onWire);
      at[rows] = record + headers;
      capLength[rows] = captured;
      wireLength[rows] = onWire;
      seconds[rows] = view.getUint32(record + SECONDS, true);
      linkType[rows] = link === HDLC ? hdlcLink(view, record + headers, captured) : link;
      rows++;
    }
    record += length;
  }
  frames.rows = rows;
  return record;
}

function hdlcLink(view: DataView, frame: number, captured: number): number {
  const first = captured > 0 ? view.getUint8(frame) : 0;
  return first === CISCO_UNICAST || first === CISCO_MULTICAST ? CISCO_HDLC : PPP_HDLC;
}

/** Records in a row that are no accident: random bytes have them once in 10^12 files. What follows may be damaged. */
const PROBED = 5;
/** Enough where the stream ends before, in the middle of a record and exactly behind one. */
const ENOUGH = 3;
const ENOUGH_TO_THE_BYTE = 2;
/** DAG cards are no older (1995), and some end has to be set (2100). */
const EARLIEST = 788_918_400;
const LATEST = 4_102_444_800;
/** Between records in a row: interfaces are not quite in order with each other, and a quiet sensor hears nothing for long. */
const BACK = 60;
const AHEAD = 366 * 86_400;

/** True when what begins at `from` is a chain of ERF records: each makes sense and begins where the one before says. */
export function isErf(view: DataView, from: number, to: number): boolean {
  let at = from;
  let before = 0;
  for (let records = 0; records < PROBED; ) {
    if (at === to) return records >= ENOUGH_TO_THE_BYTE;
    if (at + HEADER > to) return records >= ENOUGH;
    const length = view.getUint16(at + LENGTH);
    if (headerDamage(view, at) !== undefined) return false;
    const type = typeAt(view, at);
    // Records without a frame need not have a time either.
    if (ERF_LINKS[type] !== NO_FRAME) {
      const seconds = view.getUint32(at + SECONDS, true);
      if (type > LAST_PUBLIC || seconds < EARLIEST || seconds >= LATEST) return false;
      if (before !== 0 && (seconds < before - BACK || seconds > before + AHEAD)) return false;
      if (at + length > to) return records >= ENOUGH;
      if (headersOf(view, at, length) > length) return false;
      before = seconds;
      records++;
    }
    at += length;
  }
  return true;
}
