// The frame that nearly all packets of a telescope come in: Ethernet, IPv4 without options, not a later fragment, and of TCP, UDP or ICMP
// all that is read of them. In a plain frame every field stands at a fixed place. What is made of it is what the decoders of every
// header make (`test/analyzer/plain.test.ts` compares the two), in three fifths of the time.
import type { FrameColumns } from '../../collector/formats/frames.ts';
import { icmpKinds, kindOfUdp, tcpKinds } from '../classify/kinds.ts';
import { toolMarks } from '../classify/tools.ts';
import { COUNTED } from '../fates.ts';
import { ICMP, TCP, UDP } from '../protocols.ts';
import { ETHERNET } from './link.ts';
import type { PacketColumns } from './packets.ts';
import * as tcp from './tcp.ts';

/** No fate: the frame is not plain, and nothing else of its row is to be used. */
export const NOT_PLAIN = 0xff;

/** EtherType, then version 4, a header of 20 bytes. */
const ETHER_TYPE = 12;
const IPV4_PLAIN = 0x080045;
const TOTAL_LENGTH = 16;
const IP_ID = 18;
const FRAGMENT = 20;
const FRAGMENT_OFFSET = 0x1fff;
const PROTOCOL = 23;
const SRC_ADDR = 26;
const DST_ADDR = 30;
const TRANSPORT = 34;
const IP_HEADER = 20;
/** Bytes of the transport header that are read: of TCP up to its flags, and no less is asked of the others. */
const TRANSPORT_READ = tcp.FLAGS + 1;

/** Decodes the plain frames of a batch and gives them the fate COUNTED; all others get NOT_PLAIN. */
export function decodePlain(view: DataView, frames: FrameColumns, packets: PacketColumns): void {
  const { rows, at, capLength, linkType } = frames;
  const { fate, version, proto, kind, toolMarks: marks, srcAddr, dstAddr, srcPort, dstPort } = packets;
  for (let row = 0; row < rows; row++) {
    const frame = at[row];
    fate[row] = NOT_PLAIN;
    if (linkType[row] !== ETHERNET || capLength[row] < TRANSPORT + TRANSPORT_READ) continue;
    if (view.getUint32(frame + ETHER_TYPE) >>> 8 !== IPV4_PLAIN) continue;
    if (view.getUint16(frame + TOTAL_LENGTH) < IP_HEADER + TRANSPORT_READ) continue;
    if ((view.getUint16(frame + FRAGMENT) & FRAGMENT_OFFSET) !== 0) continue;
    const protocol = view.getUint8(frame + PROTOCOL);
    const destination = view.getUint32(frame + DST_ADDR);
    const ports = view.getUint32(frame + TRANSPORT);
    const from = ports >>> 16;
    const to = ports & 0xffff;
    marks[row] = 0;
    dstPort[row] = to;
    if (protocol === TCP) {
      const flags = view.getUint8(frame + TRANSPORT + tcp.FLAGS);
      kind[row] = tcpKinds[flags];
      if (tcp.isSyn(flags)) {
        marks[row] = toolMarks(destination, to, tcp.seq(view, frame + TRANSPORT), view.getUint16(frame + IP_ID));
      }
    } else if (protocol === UDP) {
      kind[row] = kindOfUdp(from, to);
    } else if (protocol === ICMP) {
      kind[row] = icmpKinds[from >>> 8];
      dstPort[row] = from; // type and code
    } else continue;
    fate[row] = COUNTED;
    version[row] = 4;
    proto[row] = protocol;
    srcAddr[row] = view.getUint32(frame + SRC_ADDR);
    dstAddr[row] = destination;
    srcPort[row] = from;
  }
}
