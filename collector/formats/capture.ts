// The one door to the capture formats: which format a stream of bytes is, and walking or reading its records from any unit on.
import { type ErfContext, isErf, readErf, walkErf } from './erf.ts';
import type { FrameColumns, Reach } from './frames.ts';
import { describeOther, isText } from './others.ts';
import { openPcap, type PcapContext, pcapHeader, readPcap, walkPcap } from './pcap.ts';
import { isPcapng, openPcapng, type PcapngContext, readPcapng, walkPcapng } from './pcapng.ts';
import { type RingContext, readRing, walkRing } from './ring.ts';

/** Everything besides its own bytes that the records of a unit depend on. Plain data: it crosses to worker threads. */
export type CaptureContext = PcapContext | PcapngContext | ErfContext | RingContext;

/** Bytes looked at to tell a capture format and open it, or all if there are fewer: some formats show in their first records alone. */
export const OPENING_BYTES = 1 << 21;

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
  const header = pcapHeader(magic);
  if (header !== undefined) return openPcapFile(view, at, available, header);
  const end = at + available;
  if (!isText(view, at, end) && isErf(view, at, end)) return { context: { container: 'erf' }, at };
  const other = describeOther(view, at, end);
  const bytes = `begins with the bytes ${magic.toString(16).padStart(8, '0')}; pcap, pcapng and ERF are read`;
  throw new NotACapture(`not a capture file (it ${other ? `is ${other.text}` : bytes})`, !other?.packets);
}

function openPcapFile(view: DataView, at: number, available: number, header: number) {
  if (available < header) throw new NotACapture(`cut short: ${available} of the ${header} bytes of a pcap header`);
  try {
    return { context: openPcap(view, at, at + available), at: at + header };
  } catch (error) {
    throw new NotACapture((error as Error).message);
  }
}

/** The state as it is now, to be used later: only that of pcapng moves on with its records. */
export function keptContext(context: CaptureContext): CaptureContext {
  return context.container === 'pcapng' ? structuredClone(context) : context;
}

/** Walks whole records that start before `until` and end by `to`; for pcapng `context` moves on with them. */
export function walkRecords(view: DataView, from: number, until: number, to: number, context: CaptureContext): Reach {
  if (context.container === 'pcap') return walkPcap(view, from, until, to, context);
  if (context.container === 'pcapng') return walkPcapng(view, from, until, to, context);
  if (context.container === 'ring') return walkRing(view, from, until, to);
  return walkErf(view, from, until, to);
}

/** Fills `frames` from records that `walkRecords` has found whole; returns where to read on. */
export function readRecords(
  view: DataView,
  from: number,
  to: number,
  context: CaptureContext,
  frames: FrameColumns,
): number {
  if (context.container === 'pcap') return readPcap(view, from, to, context, frames);
  if (context.container === 'pcapng') return readPcapng(view, from, to, context, frames);
  if (context.container === 'ring') return readRing(view, from, to, context, frames);
  return readErf(view, from, to, frames);
}
