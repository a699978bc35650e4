// IPv6 (RFC 8200) and its extension headers: hop-by-hop, routing, fragment, destination options, authentication, mobility,
// HIP, shim6. The protocol is what stands behind them.
import { BAD_HEADER, LATER_FRAGMENT, TRUNCATED } from '../fates.ts';
import type { Addresses6 } from './addresses6.ts';
import type { PacketColumns } from './packets.ts';
import { decodeTransport } from './transport.ts';

const PAYLOAD_LENGTH = 4;
const NEXT_HEADER = 6;
const SRC_ADDR = 8;
const DST_ADDR = 24;
const HEADER = 40;

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;
const MOBILITY = 135;
const HIP = 139;
const SHIM6 = 140;

/** Decodes the header at `at` and what follows it into row `row`; returns the packet's fate. */
export function decodeIpv6(
  view: DataView,
  at: number,
  end: number,
  packets: PacketColumns,
  row: number,
  addresses: Addresses6,
): number {
  if (at + HEADER > end) return TRUNCATED;
  const payload = view.getUint16(at + PAYLOAD_LENGTH);
  packets.version[row] = 6;
  packets.srcAddr[row] = addresses.number(view, at + SRC_ADDR);
  packets.dstAddr[row] = addresses.number(view, at + DST_ADDR);
  // A payload length of 0 is a jumbogram (RFC 2675) or segmentation offload.
  const whole = payload !== 0 && at + HEADER + payload <= end;
  const fate = decodeChain(view, at + NEXT_HEADER, at + HEADER, whole ? at + HEADER + payload : end, packets, row);
  return fate === TRUNCATED && whole ? BAD_HEADER : fate;
}

/** Follows the extension headers from the "next header" byte at `named` on. */
function decodeChain(
  view: DataView,
  named: number,
  first: number,
  end: number,
  packets: PacketColumns,
  row: number,
): number {
  let next = view.getUint8(named);
  let at = first;
  for (;;) {
    packets.proto[row] = next;
    if (!isExtension(next)) return decodeTransport(view, at, end, packets, row, 0, 0);
    if (at + 8 > end) return TRUNCATED;
    // The offset is the upper 13 bits; the chain behind a later fragment is payload.
    if (next === FRAGMENT && view.getUint16(at + 2) >>> 3 !== 0) {
      packets.proto[row] = view.getUint8(at);
      return LATER_FRAGMENT;
    }
    const length = view.getUint8(at + 1);
    const bytes = next === FRAGMENT ? 8 : next === AUTHENTICATION ? (length + 2) * 4 : (length + 1) * 8;
    next = view.getUint8(at);
    at += bytes;
  }
}

function isExtension(next: number): boolean {
  switch (next) {
    case HOP_BY_HOP:
    case ROUTING:
    case FRAGMENT:
    case AUTHENTICATION:
    case DESTINATION_OPTIONS:
    case MOBILITY:
    case HIP:
    case SHIM6:
      return true;
    default:
      return false;
  }
}
