// Frame Relay (ITU-T Q.922): an address of two to four bytes, then what RFC 2427 puts there, or an EtherType as Cisco's routers do.
import { NOT_IP, TRUNCATED } from '../fates.ts';
import { etherTypeToIp } from './ethernet.ts';
import { nlpidToIp } from './nlpid.ts';

/** Bit of every byte of the address: it is the last. */
const LAST = 0x01;
const SHORTEST_ADDRESS = 2;
const LONGEST_ADDRESS = 4;
const UNNUMBERED_INFORMATION = 0x03;

/** Offset of the IP header, or minus the fate of a frame that has none. */
export function frameRelayToIp(view: DataView, at: number, end: number): number {
  let control = at;
  let last: number;
  do {
    if (control >= end) return -TRUNCATED;
    last = view.getUint8(control++) & LAST;
  } while (last === 0 && control < at + LONGEST_ADDRESS);
  if (last === 0 || control < at + SHORTEST_ADDRESS) return -NOT_IP;
  if (control + 2 > end) return -TRUNCATED;
  if (view.getUint8(control) !== UNNUMBERED_INFORMATION) return etherTypeToIp(view, control, end);
  // A byte of padding may make the header's length even; it is 0, which is no identifier.
  const padding = view.getUint8(control + 1) === 0 ? 1 : 0;
  return nlpidToIp(view, control + 1 + padding, end);
}
