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

export type ProtocolName = (typeof PROTOCOL_NAMES)[number];

/** Numbers of names by IP version << 8 | protocol number. */
const NAME_OF = Uint8Array.from({ length: 7 << 8 }, (_, cell) =>
  PROTOCOL_NAMES.indexOf(nameOf(cell >>> 8, cell & 0xff)),
);

function nameOf(version: number, proto: number): ProtocolName {
  if (version === 4)
    return proto === TCP ? 'ipv4Tcp' : proto === UDP ? 'ipv4Udp' : proto === ICMP ? 'ipv4Icmp' : 'ipv4Other';
  if (version === 6)
    return proto === TCP ? 'ipv6Tcp' : proto === UDP ? 'ipv6Udp' : proto === ICMPV6 ? 'ipv6Icmpv6' : 'ipv6Other';
  return 'noIp';
}

export class ProtocolCounts {
  #cells: Uint32Array = new Uint32Array(NAME_OF.length);

  add(rows: number, { version, proto }: PacketColumns): void {
    const cells = this.#cells;
    for (let row = 0; row < rows; row++) cells[(version[row] << 8) | proto[row]]++;
  }

  /** Takes the counts out. */
  take(): Record<ProtocolName, number> {
    const frames = PROTOCOL_NAMES.map(() => 0);
    for (let cell = 0; cell < NAME_OF.length; cell++) frames[NAME_OF[cell]] += this.#cells[cell];
    this.#cells.fill(0);
    return Object.fromEntries(PROTOCOL_NAMES.map((name, number) => [name, frames[number]])) as Record<
      ProtocolName,
      number
    >;
  }
}
