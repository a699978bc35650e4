// IEEE 802.11: data frames with IP behind LLC and SNAP (RFC 1042). Management, control and protected frames hold no IP that
// could be read, and mesh frames are not looked into.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { llcToIp } from './llc.ts';

const FLAGS = 1;
/** Of the first byte: version 0 and type "data"; its upper half is the subtype. */
const VERSION_AND_TYPE = 0x0f;
const DATA = 0x08;
const WITHOUT_DATA = 0x40;
const QUALITY_OF_SERVICE = 0x80;
/** Of the flags: both together mean a relayed frame with a fourth address. */
const TO_AND_FROM_DISTRIBUTION = 0x03;
const PROTECTED = 0x40;
/** With quality of service: the header ends with four bytes of HT control. */
const ORDER = 0x80;

const HEADER = 24;
const FOURTH_ADDRESS = 6;
const QOS_CONTROL = 2;
const HT_CONTROL = 4;
/** Of the QoS control: the body is a row of frames (A-MSDU), each behind two addresses and a length. */
const AGGREGATED = 0x80;
const SUBFRAME_HEADER = 14;

/**
 * Offset of the IP header, or minus the fate of a frame that has none. Of an aggregate it is the first frame's.
 * @param padded whether the header is padded to a multiple of four bytes, as radiotap may say
 */
export function ieee80211ToIp(view: DataView, at: number, end: number, padded: boolean): number {
  if (at + 2 > end) return -TRUNCATED;
  const control = view.getUint8(at);
  const flags = view.getUint8(at + FLAGS);
  if ((control & VERSION_AND_TYPE) !== DATA || (control & WITHOUT_DATA) !== 0 || (flags & PROTECTED) !== 0)
    return -NOT_IP;
  let header = HEADER;
  if ((flags & TO_AND_FROM_DISTRIBUTION) === TO_AND_FROM_DISTRIBUTION) header += FOURTH_ADDRESS;
  let aggregated = false;
  if ((control & QUALITY_OF_SERVICE) !== 0) {
    if (at + header + QOS_CONTROL > end) return -TRUNCATED;
    aggregated = (view.getUint8(at + header) & AGGREGATED) !== 0;
    header += QOS_CONTROL;
    if ((flags & ORDER) !== 0) header += HT_CONTROL;
  }
  if (padded) header = (header + 3) & ~3;
  if (aggregated) header += SUBFRAME_HEADER;
  return llcToIp(view, at + header, end);
}
