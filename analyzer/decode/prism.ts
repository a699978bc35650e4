// The headers that stood before 802.11 frames until radiotap: Prism's of 144 bytes, and AVS's, which names its length and which some
// drivers wrote where Prism's was meant (https://www.tcpdump.org/linktypes/LINKTYPE_IEEE802_11_PRISM.html).
import { BAD_HEADER, TRUNCATED } from '../fates.ts';
import { ieee80211ToIp } from './ieee80211.ts';

const PRISM_HEADER = 144;
/** AVS begins with this and its version, big-endian. */
const AVS_MARK = 0x80211;
const AVS_VERSION_BITS = 12;
const AVS_LENGTH = 4;
const AVS_SHORTEST = 8;

/** Offset of the IP header, or minus the fate of a frame that has none. */
export function prismToIp(view: DataView, at: number, end: number): number {
  if (at + 4 > end) return -TRUNCATED;
  if (view.getUint32(at) >>> AVS_VERSION_BITS === AVS_MARK) return avsToIp(view, at, end);
  return ieee80211ToIp(view, at + PRISM_HEADER, end, false);
}

/** The same for AVS. */
export function avsToIp(view: DataView, at: number, end: number): number {
  if (at + AVS_SHORTEST > end) return -TRUNCATED;
  const length = view.getUint32(at + AVS_LENGTH);
  return length < AVS_SHORTEST ? -BAD_HEADER : ieee80211ToIp(view, at + length, end, false);
}
