// UDP header fields (RFC 768).

/** Bytes up to and including both ports. */
export const PORTS = 4;

export function srcPort(view: DataView, at: number): number {
  return view.getUint16(at);
}

export function dstPort(view: DataView, at: number): number {
  return view.getUint16(at + 2);
}
