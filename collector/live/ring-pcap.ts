// Records of the kernel's ring as pcap records with nanoseconds; a VLAN tag that the kernel took out is put back where it was.
import { readRingRecord } from '../formats/ring.ts';

const MAGIC_NANOSECONDS = 0xa1b23c4d;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const SNAP_LENGTH = 262_144;
const ADDRESSES = 12;
const TAG = 4;

/** The header of a classic pcap file, little-endian. */
export function pcapHeader(linkType: number): Buffer {
  const header = Buffer.alloc(FILE_HEADER);
  header.writeUInt32LE(MAGIC_NANOSECONDS, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(SNAP_LENGTH, 16);
  header.writeUInt32LE(linkType, 20);
  return header;
}

/** The 16 bytes before a frame. */
export function writeRecordHeader(
  to: Buffer,
  at: number,
  seconds: number,
  nanoseconds: number,
  captured: number,
  onWire: number,
): void {
  to.writeUInt32LE(seconds, at);
  to.writeUInt32LE(nanoseconds, at + 4);
  to.writeUInt32LE(captured, at + 8);
  to.writeUInt32LE(onWire, at + 12);
}

/** All records in the first `bytes` bytes of `view`. */
export function pcapRecords(view: DataView, bytes: number): Buffer {
  const from = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  // A record of the ring has a header of 48 bytes and more, so what is made of it is never longer.
  const to = Buffer.alloc(bytes);
  let end = 0;
  for (let at = 0; at < bytes; ) {
    const { next, seconds, nanoseconds, frame, captured, onWire, tag } = readRingRecord(view, at);
    const extra = tag === undefined || captured < ADDRESSES ? 0 : TAG;
    writeRecordHeader(to, end, seconds, nanoseconds, captured + extra, onWire + extra);
    end += RECORD_HEADER;
    if (tag !== undefined && extra > 0) {
      to.set(from.subarray(frame, frame + ADDRESSES), end);
      to.writeUInt16BE(tag.protocol, end + ADDRESSES);
      to.writeUInt16BE(tag.control, end + ADDRESSES + 2);
      to.set(from.subarray(frame + ADDRESSES, frame + captured), end + ADDRESSES + TAG);
    } else to.set(from.subarray(frame, frame + captured), end);
    end += captured + extra;
    at = next;
  }
  return to.subarray(0, end);
}
