// Classic pcap: a file header, then records of a header and the frame (draft-ietf-opsawg-pcap), in either byte order, with micro- or
// nanoseconds. How long the record headers are is the business of pcap-variants.ts: there is more than one kind, and not all say so.
import { type FrameColumns, MAX_FRAME, type Reach } from './frames.ts';
import { AIX_LINK_TYPES, recordHeaderOf } from './pcap-variants.ts';

export const FILE_HEADER = 24;
/** Ixia's file header has the number of bytes that follow behind the usual fields. */
const FILE_HEADER_IXIA = 28;
const MAJOR = 4;
const MINOR = 6;
const NETWORK = 20;

const SECONDS = 0;
const CAP_LENGTH = 8;
const WIRE_LENGTH = 12;

interface Form {
  magic: number;
  fileHeader: number;
  /** Lengths that the record headers may have, the usual one first. */
  recordHeaders: readonly number[];
}

const FORMS: readonly Form[] = [
  { magic: 0xa1b2c3d4, fileHeader: FILE_HEADER, recordHeaders: [16, 24, 20] }, // microseconds; also Red Hat 6.1, Nokia
  { magic: 0xa1b23c4d, fileHeader: FILE_HEADER, recordHeaders: [16] }, // nanoseconds
  { magic: 0xa1b2cd34, fileHeader: FILE_HEADER, recordHeaders: [24, 28] }, // Kuznetzov's "modified"; also SuSE 6.3
  { magic: 0x1c0001ab, fileHeader: FILE_HEADER_IXIA, recordHeaders: [16] }, // Ixia, captured by software
  { magic: 0x1c0001ac, fileHeader: FILE_HEADER_IXIA, recordHeaders: [16] }, // Ixia, captured by hardware
];

/** What is needed to read records from any offset of the file. */
export interface PcapContext {
  container: 'pcap';
  littleEndian: boolean;
  linkType: number;
  /** 16 mostly. */
  recordHeader: number;
  /** Where the record header keeps the two lengths; files before version 2.3 have them the other way round. */
  capLengthAt: number;
  wireLengthAt: number;
  /** Version 2.3 exists both ways, so its captured length is the smaller of the two (libpcap's MAYBE_SWAPPED). */
  eitherOrder: boolean;
}

function swapped(word: number): number {
  return ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)) >>> 0;
}

function formOf(magic: number): Form | undefined {
  return FORMS.find((form) => form.magic === magic || form.magic === swapped(magic));
}

/** Bytes of the file header that these first four bytes open; undefined when they open no classic pcap file. */
export function pcapHeader(magic: number): number | undefined {
  return formOf(magic)?.fileHeader;
}

/**
 * Reads the file header; `view` must hold the whole of it from `at` on, and may hold records behind it up to `end`.
 * @throws Error when the version is not known: then nothing is known of such a file's records
 */
export function openPcap(view: DataView, at: number, end = at): PcapContext {
  const magic = view.getUint32(at);
  const form = formOf(magic);
  if (form === undefined) throw new Error('not a classic pcap file');
  const littleEndian = magic !== form.magic;
  const major = view.getUint16(at + MAJOR, littleEndian);
  const minor = view.getUint16(at + MINOR, littleEndian);
  const dgux = major === 543 && minor === 0; // the tcpdump of DG/UX
  if (major !== 2 && !dgux) throw new Error(`pcap version ${major}.${minor} is not known (2.x is)`);
  const [usual = 16, ...others] = form.recordHeaders;
  const wireFirst = dgux || minor < 3;
  // The upper bits of the field tell of frame check sequences, not of the link type (libpcap's LT_LINKTYPE).
  const linkType = view.getUint32(at + NETWORK, littleEndian) & 0x03ffffff;
  const aix = form.magic === 0xa1b2c3d4 && major === 2 && minor === 2 ? AIX_LINK_TYPES.get(linkType) : undefined;
  return {
    container: 'pcap',
    littleEndian,
    linkType: aix ?? linkType,
    // No other version was ever written with record headers of a length that has to be guessed.
    recordHeader:
      major === 2 && minor === 4 ? recordHeaderOf(view, at + form.fileHeader, end, littleEndian, usual, others) : usual,
    capLengthAt: wireFirst ? WIRE_LENGTH : CAP_LENGTH,
    wireLengthAt: wireFirst ? CAP_LENGTH : WIRE_LENGTH,
    eitherOrder: major === 2 && minor === 3,
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
