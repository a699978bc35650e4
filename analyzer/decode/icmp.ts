// The two fields that ICMP (RFC 792) and ICMPv6 (RFC 4443) share.

export const TYPE_AND_CODE = 2;

export function type(view: DataView, at: number): number {
  return view.getUint8(at);
}

/** type · 256 + code, the number NetFlow puts into the destination port. */
export function typeAndCode(view: DataView, at: number): number {
  return view.getUint16(at);
}
