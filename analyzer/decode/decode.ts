// Frames to packets: the loop that gives every row of a batch its fate and, where it is counted, its fields.
import type { FrameColumns } from '../../collector/formats/frames.ts';
import { BAD_HEADER, BAD_TIME, COUNTED, OUTSIDE_DARKNET, TRUNCATED } from '../fates.ts';
import type { Addresses6 } from './addresses6.ts';
import type { Darknet } from './darknet.ts';
import { decodeIpv4 } from './ipv4.ts';
import { decodeIpv6 } from './ipv6.ts';
import { linkToIp } from './link.ts';
import type { PacketColumns } from './packets.ts';

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
  const { rows, at, capLength, seconds, linkType } = frames;
  const { fate, version, dstAddr } = packets;
  const { earliest, latest, darknet } = limits;
  for (let row = 0; row < rows; row++) {
    const end = at[row] + capLength[row];
    version[row] = 0;
    let outcome = decodeFrame(view, at[row], end, linkType[row], packets, row, addresses);
    if (outcome === COUNTED) {
      // Order of the last two: a packet without a usable time says nothing about when the darknet was where.
      if (seconds[row] < earliest || seconds[row] >= latest) outcome = BAD_TIME;
      else if (darknet !== undefined && !darknet.holds(version[row], dstAddr[row], addresses))
        outcome = OUTSIDE_DARKNET;
    }
    fate[row] = outcome;
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
