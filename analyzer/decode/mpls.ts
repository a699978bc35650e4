// MPLS (RFC 3032): four bytes a label, the bottom one marked. What follows is told by its first half byte (RFC 4928).
import { NOT_IP, TRUNCATED } from '../fates.ts';

const LABEL = 4;
/** Its lowest bit marks the bottom of the stack. */
const BOTTOM = 2;

/** Offset of the IP header or of a pseudowire's control word behind the labels at `at`, or minus the fate of neither. */
export function behindMpls(view: DataView, at: number, end: number): number {
  let label = at;
  for (;;) {
    if (label + LABEL > end) return -TRUNCATED;
    const bottom = view.getUint8(label + BOTTOM) & 1;
    label += LABEL;
    if (bottom) break;
  }
  if (label >= end) return -TRUNCATED;
  const version = view.getUint8(label) >>> 4;
  return version === 4 || version === 6 || version === 0 ? label : -NOT_IP;
}

/** A pseudowire's control word begins with 0 (RFC 4385); an Ethernet frame follows it. */
export function isPseudowire(view: DataView, at: number): boolean {
  return view.getUint8(at) >>> 4 === 0;
}
