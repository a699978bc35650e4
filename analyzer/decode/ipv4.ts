// IPv4 (RFC 791). Only the outermost header is looked at; a tunnel is a packet of its own protocol.
import { BAD_HEADER, LATER_FRAGMENT, TRUNCATED } from '../fates.ts';
import type { PacketColumns } from './packets.ts';
import { decodeTransport } from './transport.ts';

const TOTAL_LENGTH = 2;
const FRAGMENT = 6;
const PROTOCOL = 9;
const SRC_ADDR = 12;
const DST_ADDR = 16;
const SMALLEST_HEADER = 20;
const FRAGMENT_OFFSET = 0x1fff;
const IP_ID = 4;

/** Decodes the header at `at` and what follows it into row `row`; returns the packet's fate. */
export function decodeIpv4(view: DataView, at: number, end: number, packets: PacketColumns, row: number): number {
  const header = (view.getUint8(at) & 0x0f) * 4;
  if (header < SMALLEST_HEADER) return BAD_HEADER;
  if (at + SMALLEST_HEADER > end) return TRUNCATED;
  const total = view.getUint16(at + TOTAL_LENGTH);
  // A total length of 0 is what segmentation offload leaves in captures of a host's own packets.
  if (total !== 0 && total < header) return BAD_HEADER;
  packets.version[row] = 4;
  packets.proto[row] = view.getUint8(at + PROTOCOL);
  packets.srcAddr[row] = view.getUint32(at + SRC_ADDR);
  const dstAddr = view.getUint32(at + DST_ADDR);
  packets.dstAddr[row] = dstAddr;
  if ((view.getUint16(at + FRAGMENT) & FRAGMENT_OFFSET) !== 0) return LATER_FRAGMENT;
  const payloadEnd = total === 0 ? end : Math.min(end, at + total);
  const fate = decodeTransport(view, at + header, payloadEnd, packets, row, dstAddr, view.getUint16(at + IP_ID));
  // Where the datagram itself, not the capture, ends within its transport header, the datagram is at fault.
  return fate === TRUNCATED && total !== 0 && at + total <= end ? BAD_HEADER : fate;
}
