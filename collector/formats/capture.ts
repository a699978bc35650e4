// The one door to the capture formats: which format a stream of bytes is, and walking or reading its records from any unit on.
import type { FrameColumns, Reach } from './frames.ts';
import { FILE_HEADER, isPcap, openPcap, type PcapContext, readPcap, walkPcap } from './pcap.ts';
import { isPcapng, openPcapng, type PcapngContext, readPcapng, walkPcapng } from './pcapng.ts';

/** Everything besides its own bytes that the records of a unit depend on. Plain data: it crosses to worker threads. */
export type CaptureContext = PcapContext | PcapngContext;

/** Bytes needed to tell a capture format and open it. */
export const OPENING_BYTES = FILE_HEADER;

/** A stream that is not a capture we read; the message says what it looks like. */
export class NotACapture extends Error {
  override name = 'NotACapture';
  /** True when nothing suggests that it ever was a capture: a note or an index that lies beside captures. */
  readonly unknown: boolean;

  constructor(message: string, unknown = false) {
    super(message);
    this.unknown = unknown;
  }
}

/**
 * Opens the stream whose first bytes lie at `at`.
 * @returns the context of its first record, and where that record begins
 * @throws NotACapture
 */
export function openCapture(view: DataView, at: number, available: number): { context: CaptureContext; at: number } {
  if (available < 4) throw new NotACapture(`only ${available} bytes: too short for any capture`, true);
  const magic = view.getUint32(at);
  if (isPcapng(magic)) return { context: openPcapng(), at };
  if (!isPcap(magic)) {
    const known = describeKnown(magic);
    const bytes = `it begins with the bytes ${magic.toString(16).padStart(8, '0')}; pcap and pcapng are read`;
    throw new NotACapture(`not a capture file (${known ?? bytes})`, known === undefined);
  }
  if (available < FILE_HEADER)
    throw new NotACapture(`cut short: ${available} of the ${FILE_HEADER} bytes of a pcap header`);
  try {
    return { context: openPcap(view, at), at: at + FILE_HEADER };
  } catch (error) {
    throw new NotACapture((error as Error).message);
  }
}

/** Names what we know but do not read, so that the user knows what to convert. */
function describeKnown(magic: number): string | undefined {
  if (magic === 0x736e6f6f) return 'it is a snoop file; convert it with "editcap -F pcap"';
  if (magic === 0x28b52ffd) return 'it is zstd-compressed, which is not read yet; decompress it first';
  if (magic === 0xfd377a58) return 'it is xz-compressed, which is not read yet; decompress it first';
  if (magic >>> 8 === 0x425a68) return 'it is bzip2-compressed, which is not read yet; decompress it first';
  if (magic === 0x04224d18) return 'it is lz4-compressed, which is not read yet; decompress it first';
  return undefined;
}

/** Walks whole records that start before `until` and end by `to`; for pcapng `context` moves on with them. */
export function walkRecords(view: DataView, from: number, until: number, to: number, context: CaptureContext): Reach {
  return context.container === 'pcap'
    ? walkPcap(view, from, until, to, context)
    : walkPcapng(view, from, until, to, context);
}

/** Fills `frames` from records that `walkRecords` has found whole; returns where to read on. */
export function readRecords(
  view: DataView,
  from: number,
  to: number,
  context: CaptureContext,
  frames: FrameColumns,
): number {
  return context.container === 'pcap'
    ? readPcap(view, from, to, context, frames)
    : readPcapng(view, from, to, context, frames);
}
