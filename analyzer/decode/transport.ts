// What stands behind the IP header: ports and flags, then the kind and the marks of tools. A protocol without ports gets port 0.
import { kindOfIcmp, kindOfIcmpv6, kindOfTcp, kindOfUdp, OTHER } from '../classify/kinds.ts';
import { toolMarks } from '../classify/tools.ts';
import { COUNTED, TRUNCATED } from '../fates.ts';
import { ICMP, ICMPV6, TCP, UDP } from '../protocols.ts';
import * as icmp from './icmp.ts';
import type { PacketColumns } from './packets.ts';
import * as tcp from './tcp.ts';
import * as udp from './udp.ts';

/**
 * Decodes the transport header at `at` into row `row`, whose `proto` is set.
 * @param dstAddr,ipId of IPv4 for the tools' marks; 0 with IPv6, where no mark is known
 */
export function decodeTransport(
  view: DataView,
  at: number,
  end: number,
  packets: PacketColumns,
  row: number,
  dstAddr: number,
  ipId: number,
): number {
  packets.toolMarks[row] = 0;
  switch (packets.proto[row]) {
    case TCP:
      if (at + tcp.PORTS > end) return TRUNCATED;
      packets.srcPort[row] = tcp.srcPort(view, at);
      packets.dstPort[row] = tcp.dstPort(view, at);
      if (at + tcp.FLAGS >= end) {
        packets.kind[row] = OTHER; // ports without flags: counted, but nothing says what it is
      } else {
        const flags = tcp.flags(view, at);
        packets.kind[row] = kindOfTcp(flags);
        if (tcp.isSyn(flags) && packets.version[row] === 4) {
          packets.toolMarks[row] = toolMarks(dstAddr, packets.dstPort[row], tcp.seq(view, at), ipId);
        }
      }
      return COUNTED;
    case UDP:
      if (at + udp.PORTS > end) return TRUNCATED;
      packets.srcPort[row] = udp.srcPort(view, at);
      packets.dstPort[row] = udp.dstPort(view, at);
      packets.kind[row] = kindOfUdp(packets.srcPort[row], packets.dstPort[row]);
      return COUNTED;
    case ICMP:
    case ICMPV6:
      if (at + icmp.TYPE_AND_CODE > end) return TRUNCATED;
      // Both, so that whichever port a table shows, ICMP shows its type and code.
      packets.srcPort[row] = icmp.typeAndCode(view, at);
      packets.dstPort[row] = packets.srcPort[row];
      packets.kind[row] = (packets.proto[row] === ICMP ? kindOfIcmp : kindOfIcmpv6)(icmp.type(view, at));
      return COUNTED;
    default:
      packets.srcPort[row] = 0;
      packets.dstPort[row] = 0;
      packets.kind[row] = OTHER;
      return COUNTED;
  }
}
