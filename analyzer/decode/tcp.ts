// TCP header fields (RFC 9293).

/** Bytes up to and including both ports: the least a counted packet needs. */
export const PORTS = 4;
/** Offset of the flags byte; what needs flags needs this byte and all before it. */
export const FLAGS = 13;

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;
export const URG = 0x20;

export function srcPort(view: DataView, at: number): number {
  return view.getUint16(at);
}

export function dstPort(view: DataView, at: number): number {
  return view.getUint16(at + 2);
}

export function seq(view: DataView, at: number): number {
  return view.getUint32(at + 4);
}

export function flags(view: DataView, at: number): number {
  return view.getUint8(at + FLAGS);
}

/** A SYN as a client sends it: without ACK, RST and FIN. */
export function isSyn(flags: number): boolean {
  return (flags & (SYN | ACK | RST | FIN)) === SYN;
}
