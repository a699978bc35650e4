// FDDI (ISO 9314-2): frame control, two addresses, then LLC.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { llcToIp } from './llc.ts';

const HEADER = 13;
/** Of the frame control: asynchronous, long addresses, LLC; the rest is a priority. */
const CLASS_AND_FORMAT = 0xf0;
const ASYNCHRONOUS_LLC = 0x50;

/** Offset of the IP header, or minus the fate of a frame that has none. */
export function fddiToIp(view: DataView, at: number, end: number): number {
  if (at >= end) return -TRUNCATED;
  const llc = (view.getUint8(at) & CLASS_AND_FORMAT) === ASYNCHRONOUS_LLC;
  return llc ? llcToIp(view, at + HEADER, end) : -NOT_IP;
}
