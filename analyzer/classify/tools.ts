// Marks that scanning tools leave on their SYNs (IPv4, SYN without ACK). A mark is one packet's; whether a source used the tool
// is decided over its whole day (store/finalise), since a 16-bit mark is borne by chance once in 65,536 packets.

export const MIRAI = 1;
export const MASSCAN = 2;
export const ZMAP = 4;

/** `sure`: one packet is proof enough (chance 2^-32). `until`: from this second on the mark proves nothing any more. */
export const TOOLS = [
  {
    tool: 'mirai',
    mark: MIRAI,
    sure: true,
    until: undefined,
    why: 'sequence number = destination address; chance 2^-32',
  },
  {
    tool: 'masscan',
    mark: MASSCAN,
    sure: false,
    until: undefined,
    why: 'IP id = low 16 bits of dstAddr ^ dstPort ^ seq, checked against its source; chance 2^-16',
  },
  {
    tool: 'zmap',
    mark: ZMAP,
    sure: false,
    until: Date.UTC(2024, 2, 1) / 1000,
    why: 'IP id = 54321, in versions before March 2024; chance 2^-16',
  },
] as const;

const ZMAP_ID = 54321;

/** Seconds since 1970 from which a packet's ZMap mark is dropped. */
export const ZMAP_UNTIL = TOOLS[2].until;

/** Bits of the tools whose mark these fields bear. */
export function toolMarks(dstAddr: number, dstPort: number, seq: number, ipId: number): number {
  // Without a branch: which mark a packet bears is as good as random, and a wrong guess of the processor costs more than all of this.
  const mirai = isZero(seq ^ dstAddr);
  const masscan = isZero(((dstAddr ^ dstPort ^ seq) & 0xffff) ^ ipId);
  const zmap = isZero(ipId ^ ZMAP_ID);
  return mirai * MIRAI + masscan * MASSCAN + zmap * ZMAP;
}

/** 1 for 0, else 0. */
function isZero(word: number): number {
  return 1 - ((word | -word) >>> 31);
}
