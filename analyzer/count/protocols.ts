// Frames by the protocol of their outermost IP header, whatever their fate: what other tools' totals can be compared with.
import type { PacketColumns } from '../decode/packets.ts';
import { ICMP, ICMPV6, TCP, UDP } from '../protocols.ts';

export const PROTOCOL_NAMES = [
  'noIp',
  'ipv4Tcp',
  'ipv4Udp',
  'ipv4Icmp',
  'ipv4Other',
  'ipv6Tcp',
  'ipv6Udp',
  'ipv6Icmpv6',
  'ipv6Other',
] as const;

const IPV4_FIRST = 1;
const IPV6_FIRST = 5;

export class ProtocolCounts {
  frames: Float64Array = new Float64Array(PROTOCOL_NAMES.length);

  add(rows: number, { version, proto }: PacketColumns): void {
    const { frames } = this;
    for (let row = 0; row < rows; row++) {
      if (version[row] === 0) {
        frames[0]++;
        continue;
      }
      const first = version[row] === 4 ? IPV4_FIRST : IPV6_FIRST;
      const itsIcmp = version[row] === 4 ? ICMP : ICMPV6;
      const number = proto[row];
      frames[first + (number === TCP ? 0 : number === UDP ? 1 : number === itsIcmp ? 2 : 3)]++;
    }
  }

  clear(): void {
    this.frames.fill(0);
  }
}
