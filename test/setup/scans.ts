// Small captures of scans, for tests that count.
import { writePcap } from '../../sample-pcaps/captures.ts';
import { tcpSyn } from '../../sample-pcaps/packets.ts';

/** One SYN to tcp/23 a second, each to the next of 64 dark addresses. @param first second of the first */
export function syns(count: number, first = 1_600_000_000): Buffer {
  return writePcap(
    Array.from({ length: count }, (_, i) => ({
      seconds: first + i,
      nanos: 0,
      frame: tcpSyn({
        srcAddr: '203.0.113.9',
        dstAddr: `198.51.100.${i % 64}`,
        srcPort: 1024 + i,
        dstPort: 23,
        seq: i,
      }),
    })),
  ) as Buffer;
}
