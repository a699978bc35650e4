// Radiotap (https://www.radiotap.org): what a radio knows of an 802.11 frame, little-endian, before the frame itself.
import { BAD_HEADER, TRUNCATED } from '../fates.ts';
import { ieee80211ToIp } from './ieee80211.ts';

const LENGTH = 2;
/** Bits of the fields that follow, from the lowest on; the highest says that four more bytes of bits come first. */
const PRESENT = 4;
const HAS_TIME = 0x1;
const HAS_FLAGS = 0x2;
const MORE_BITS = 31;
const HEADER = 8;
const TIME = 8;
/** Of the field "flags": the 802.11 header is padded to a multiple of four bytes. */
const PADDED = 0x20;

/** Offset of the IP header, or minus the fate of a frame that has none. */
export function radiotapToIp(view: DataView, at: number, end: number): number {
  if (at + HEADER > end) return -TRUNCATED;
  const length = view.getUint16(at + LENGTH, true);
  if (length < HEADER) return -BAD_HEADER;
  if (at + length > end) return -TRUNCATED;
  return ieee80211ToIp(view, at + length, end, isPadded(view, at, length));
}

/** Only the time stamp can stand before the flags, on a multiple of eight bytes. */
function isPadded(view: DataView, at: number, length: number): boolean {
  const present = view.getUint32(at + PRESENT, true);
  if ((present & HAS_FLAGS) === 0) return false;
  let field = HEADER;
  for (let bits = present; bits >>> MORE_BITS !== 0; field += 4) {
    if (field + 4 > length) return false;
    bits = view.getUint32(at + field, true);
  }
  if ((present & HAS_TIME) !== 0) field = ((field + 7) & ~7) + TIME;
  return field < length && (view.getUint8(at + field) & PADDED) !== 0;
}
