// What cutting a capture into units is told and what it tells: the plan, a unit, how a file ended.
import type { CaptureContext } from './formats/capture.ts';

/** Memory a unit's bytes are put into. */
export interface UnitBuffer {
  buffer: SharedArrayBuffer;
}

/** A stretch of a file that is in the database. */
export interface KnownUnit {
  start: number;
  end: number;
  unit: string;
}

export interface CutUnit<Buffer extends UnitBuffer, Known extends KnownUnit> {
  slot: Buffer;
  /** The unit's records in the slot. */
  from: number;
  to: number;
  context: CaptureContext;
  /** Identity of its bytes and context. */
  unit: string;
  /** Byte range in the decompressed stream. */
  start: number;
  end: number;
  /** Identity of the file's beginning, up to its first packet. */
  opening: string;
  /** What the database holds of it; only where the plan asks for such units again. */
  known: Known | undefined;
}

/** Where a file can be taken up again: at the beginning of its last unit, which is then known and compared. */
export interface CutPosition {
  /** Offset in the decompressed stream, and the state there. */
  at: number;
  context: CaptureContext;
  opening: string;
}

export interface CutPlan<Buffer extends UnitBuffer, Known extends KnownUnit> {
  /** A free slot; the cutter owns it until it yields it, or gives it back. */
  acquire(): Promise<Buffer>;
  release(slot: Buffer): void;
  /** Units of files that begin as this one does; may wait for those that are just being counted. */
  known(opening: string): readonly Known[] | Promise<readonly Known[]>;
  /** The identity of bytes, as the analyzer gives it. */
  identify(bytes: Uint8Array, context: CaptureContext): string;
  /** True: units that are known are yielded all the same, cut as they are known. */
  again?: boolean;
  /** Where the source begins, if not at the file's beginning. */
  from?: CutPosition | undefined;
}

/** How a file ended. */
export interface CutEnd<Known extends KnownUnit> {
  /** What is wrong with it and where; undefined when it was read to its end. */
  damage: string | undefined;
  /** The damage is that the stream ends too early: a file that is still being written may go on there. */
  unfinished: boolean;
  /** Where to take it up again; undefined before its first packet. */
  position: CutPosition | undefined;
  /** Units stepped over because they are in the database. */
  already: Known[];
}
