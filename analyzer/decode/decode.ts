// Frames to packets: the loop that gives every row of a batch its fate and, where it is counted, its fields.
import type { FrameColumns } from '../../collector/formats/frames.ts';
import { BAD_HEADER, BAD_TIME, COUNTED, TRUNCATED } from '../fates.ts';
import type { Addresses6 } from './addresses6.ts';
import type { Darknet } from './darknet.ts';
import { decodeIpv4 } from './ipv4.ts';
import { decodeIpv6 } from './ipv6.ts';
import { linkToIp } from './link.ts';
import type { PacketColumns } from './packets.ts';
import { decodePlain, NOT_PLAIN } from './plain.ts';

/** What a run accepts, apart from the bytes. */
export interface DecodeLimits {
  /** Seconds since 1970: times before `earliest` and from `latest` on are badTime. */
  earliest: number;
  latest: number;
  darknet: Darknet | undefined;
}

/** Decodes all rows of `frames` into the same rows of `packets`. */
export function decodeFrames(
  view: DataView,
  frames: FrameColumns,
  packets: PacketColumns,
  addresses: Addresses6,
  limits: DecodeLimits,
): void {
  const { rows, at, capLength, linkType } = frames;
  const { fate, version } = packets;
  decodePlain(view, frames, packets);
  for (let row = 0; row < rows; row++) {
    if (fate[row] !== NOT_PLAIN) continue;
    version[row] = 0;
    fate[row] = decodeFrame(view, at[row], at[row] + capLength[row], linkType[row], packets, row, addresses);
  }
  // In this order: a packet without a usable time says nothing about when the darknet was where.
  markBadTimes(frames, packets, limits);
  limits.darknet?.markOutside(rows, packets, addresses);
}

function markBadTimes({ rows, seconds }: FrameColumns, { fate }: PacketColumns, limits: DecodeLimits): void {
  const { earliest, latest } = limits;
  for (let row = 0; row < rows; row++) {
    if (fate[row] === COUNTED && (seconds[row] < earliest || seconds[row] >= latest)) fate[row] = BAD_TIME;
  }
}

function decodeFrame(
  view: DataView,
  at: number,
  end: number,
  linkType: number,
  packets: PacketColumns,
  row: number,
  addresses: Addresses6,
): number {
  const ip = linkToIp(view, at, end, linkType);
  if (ip < 0) return -ip;
  if (ip >= end) return TRUNCATED;
  const version = view.getUint8(ip) >>> 4;
  if (version === 4) return decodeIpv4(view, ip, end, packets, row);
  if (version === 6) return decodeIpv6(view, ip, end, packets, row, addresses);
  return BAD_HEADER;
}
