// A batch of packets as columns: what the decoder found in the frames of the same rows. Ports, addresses and the rest
// of a row mean something only where its fate is COUNTED.
import { BATCH_ROWS } from '../../collector/formats/frames.ts';

export interface PacketColumns {
  fate: Uint8Array;
  /** IP version, 4 or 6; 0 where no IP header was found. */
  version: Uint8Array;
  /** IP protocol number of the outermost header, behind IPv6 extension headers. */
  proto: Uint8Array;
  kind: Uint8Array;
  /** Bits of the tools whose mark the packet bears. */
  toolMarks: Uint8Array;
  /** IPv4 addresses as numbers; IPv6 addresses as numbers given by the unit's `Addresses6`. */
  srcAddr: Uint32Array;
  dstAddr: Uint32Array;
  srcPort: Uint16Array;
  /** For ICMP type · 256 + code, as NetFlow has it. */
  dstPort: Uint16Array;
}

export function createPacketColumns(): PacketColumns {
  return {
    fate: new Uint8Array(BATCH_ROWS),
    version: new Uint8Array(BATCH_ROWS),
    proto: new Uint8Array(BATCH_ROWS),
    kind: new Uint8Array(BATCH_ROWS),
    toolMarks: new Uint8Array(BATCH_ROWS),
    srcAddr: new Uint32Array(BATCH_ROWS),
    dstAddr: new Uint32Array(BATCH_ROWS),
    srcPort: new Uint16Array(BATCH_ROWS),
    dstPort: new Uint16Array(BATCH_ROWS),
  };
}
