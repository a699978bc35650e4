// Linux's NFLOG (https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html): an address family, then fields of type and length, one of
// which is the packet.
import { BAD_HEADER, NOT_IP, TRUNCATED } from '../fates.ts';

const HEADER = 4;
const AF_INET = 2;
const AF_INET6 = 10;
/** A field's length counts its own header of two numbers; the next begins at a multiple of four bytes. */
const FIELD_TYPE = 2;
const FIELD_HEADER = 4;
const PAYLOAD = 9;

/** Offset of the IP header, or minus the fate of a frame that has none. */
export function nflogToIp(view: DataView, at: number, end: number): number {
  if (at + HEADER + FIELD_HEADER > end) return -TRUNCATED;
  const family = view.getUint8(at);
  if (family !== AF_INET && family !== AF_INET6) return -NOT_IP;
  // The numbers are in the byte order of the machine that captured. Types are small and none is 0, so the first tells which.
  const littleEndian = view.getUint8(at + HEADER + FIELD_TYPE) !== 0;
  for (let field = at + HEADER; field + FIELD_HEADER <= end; ) {
    if (view.getUint16(field + FIELD_TYPE, littleEndian) === PAYLOAD) return field + FIELD_HEADER;
    const length = view.getUint16(field, littleEndian);
    if (length < FIELD_HEADER) return -BAD_HEADER;
    field += (length + 3) & ~3;
  }
  return -TRUNCATED;
}
