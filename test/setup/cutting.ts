// Cuts and reads whole captures in the test's own process, and keeps what came out where it can be looked at.
import { unitId } from '../../analyzer/unit.ts';
import type { CutEnd, CutPlan, CutUnit, KnownUnit } from '../../collector/cut.ts';
import { type CaptureContext, readRecords } from '../../collector/formats/capture.ts';
import { createFrameColumns } from '../../collector/formats/frames.ts';
import type { ByteSource } from '../../collector/source.ts';
import { cutUnits, SLOT_BYTES, SMALL_SLOT_BYTES } from '../../collector/units.ts';
import { memorySource } from './streams.ts';

interface Slot {
  buffer: SharedArrayBuffer;
}

/** Two slots, as the cutter fills the next while one is looked at; their memory is touched only as far as it is used. */
const free: Slot[] = [0, 1].map(() => ({ buffer: new SharedArrayBuffer(SLOT_BYTES) }));

export const slotsFree = (): number => free.length;

export type KnownOpening = KnownUnit & { opening: string };

/** @param most bytes that the source gives, where it is known to be small: as the conveyor's, its slots then are */
function plan(known: readonly KnownOpening[], most?: number): CutPlan<Slot, KnownOpening> {
  return {
    acquire: async () => {
      if (most !== undefined) return { buffer: new SharedArrayBuffer(SMALL_SLOT_BYTES) };
      const slot = free.pop();
      if (slot === undefined) throw new Error('no free slot');
      return slot;
    },
    release: (slot) => {
      if (slot.buffer.byteLength === SLOT_BYTES) free.push(slot);
    },
    known: (opening) => known.filter((unit) => unit.opening === opening),
    identify: unitId,
  };
}

/** Gives every unit to `use`, which may look at its slot until it returns; returns how the capture ended. */
export async function eachUnit(
  source: ByteSource,
  use: (unit: CutUnit<Slot, KnownOpening>) => void,
  known: readonly KnownOpening[] = [],
): Promise<CutEnd<KnownOpening>> {
  const itsPlan = plan(known, source.most);
  const units = cutUnits(source, itsPlan);
  try {
    for (;;) {
      const step = await units.next();
      if (step.done) return step.value;
      try {
        use(step.value);
      } finally {
        itsPlan.release(step.value.slot);
      }
    }
  } finally {
    await units.return({ damage: undefined, unfinished: false, position: undefined, already: [] });
    await source.close();
  }
}

export interface Unit {
  id: string;
  start: number;
  end: number;
  opening: string;
}

/** A capture's units without their bytes. */
export async function unitsOf(
  source: ByteSource,
  known: readonly KnownOpening[] = [],
): Promise<CutEnd<KnownOpening> & { units: Unit[] }> {
  const units: Unit[] = [];
  const end = await eachUnit(
    source,
    ({ slot, from, to, context, start, end, opening }) => {
      const id = unitId(new Uint8Array(slot.buffer, from, to - from), context);
      units.push({ id, start, end, opening });
    },
    known,
  );
  return { ...end, units };
}

export interface Frame {
  seconds: number;
  wireLength: number;
  linkType: number;
  bytes: Uint8Array;
}

/** Every frame of a capture, and what is wrong with the capture. */
export async function framesOf(
  capture: Uint8Array | ByteSource,
): Promise<{ frames: Frame[]; damage: string | undefined }> {
  const frames: Frame[] = [];
  const source = capture instanceof Uint8Array ? memorySource(capture) : capture;
  const { damage } = await eachUnit(source, ({ slot, from, to, context }) => {
    frames.push(...framesBetween(slot.buffer, from, to, context));
  });
  return { frames, damage };
}

function* framesBetween(
  buffer: SharedArrayBuffer,
  from: number,
  to: number,
  context: CaptureContext,
): Generator<Frame> {
  const columns = createFrameColumns(16);
  const view = new DataView(buffer);
  const bytes = new Uint8Array(buffer);
  for (let at = from; at < to; ) {
    at = readRecords(view, at, to, context, columns);
    for (let row = 0; row < columns.rows; row++) {
      const begin = columns.at[row];
      yield {
        seconds: columns.seconds[row],
        wireLength: columns.wireLength[row],
        linkType: columns.linkType[row],
        bytes: new Uint8Array(bytes.subarray(begin, begin + columns.capLength[row])),
      };
    }
  }
}
