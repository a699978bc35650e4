// Kinds of classic pcap that do not say what they are: writers that made the record header longer without a magic number of their
// own. They are told by what makes sense as a record; a file that makes sense as usual is never taken for one of them.
import { MAX_FRAME } from './frames.ts';

const SECONDS = 0;
const MICROS = 4;
const CAP_LENGTH = 8;
const WIRE_LENGTH = 12;

/** Records looked at. All fit into what is read of a file before it is opened, unless they are far larger than any frame on a wire. */
const PROBED = 16;
/** Two in a row are no accident: the second begins where the first says. */
const ENOUGH = 2;
/** Seconds: the first pcap files are of 1988. A time is what tells most: other fields and parts of frames mostly are smaller numbers. */
const EARLIEST = 568_000_000;
const YEAR = 366 * 86_400;

/** AIX writes version 2.2 with the interface's type (RFC 1573) where others have the link type. */
export const AIX_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [6, 1], // Ethernet
  [9, 6], // Token Ring
  [15, 10], // FDDI
  [24, 0], // loopback
]);

/**
 * The length of the record headers: the usual one, unless the first records make no sense with it and do so with another.
 * Every kind begins its record header alike: seconds, microseconds, captured length, length on the wire.
 */
export function recordHeaderOf(
  view: DataView,
  from: number,
  to: number,
  littleEndian: boolean,
  usual: number,
  others: readonly number[],
): number {
  const fits = (length: number) => sensibleRecords(view, from, to, littleEndian, length);
  if (others.length === 0 || fits(usual) >= 0) return usual;
  return others.find((length) => fits(length) >= ENOUGH) ?? usual;
}

/** How many of the first records make sense, as far as they are there; -1 when one of them does not. */
function sensibleRecords(
  view: DataView,
  from: number,
  to: number,
  littleEndian: boolean,
  recordHeader: number,
): number {
  let at = from;
  let records = 0;
  let first = 0;
  while (records < PROBED && at + recordHeader <= to) {
    const seconds = view.getUint32(at + SECONDS, littleEndian);
    const captured = view.getUint32(at + CAP_LENGTH, littleEndian);
    const sensible =
      captured > 0 &&
      captured <= MAX_FRAME &&
      captured <= view.getUint32(at + WIRE_LENGTH, littleEndian) &&
      view.getUint32(at + MICROS, littleEndian) < 1_000_000 &&
      seconds >= EARLIEST &&
      (records === 0 || Math.abs(seconds - first) < YEAR);
    if (!sensible) return -1;
    if (records++ === 0) first = seconds;
    at += recordHeader + captured;
  }
  return records;
}
