// One file on its way: opened, cut into units, each counted by the worker threads and given on.
import type { Conveyor, Counted } from '../../analyzer/conveyor.ts';
import type { Slot } from '../../analyzer/slots.ts';
import { unitId } from '../../analyzer/unit.ts';
import type { CutEnd, CutPosition, CutUnit } from '../../collector/cut.ts';
import { NotACapture } from '../../collector/formats/capture.ts';
import type { ByteSource } from '../../collector/source.ts';
import { cutUnits } from '../../collector/units.ts';
import type { LedgerUnit } from '../../store/ledger.ts';

export type Cut = CutUnit<Slot, LedgerUnit>;

export interface ReadingPlan {
  conveyor: Conveyor;
  /** Which of the conveyor's settings a unit is counted with. */
  settingsOf(cut: Cut): number;
  known(opening: string): readonly LedgerUnit[] | Promise<readonly LedgerUnit[]>;
  /** Told of every unit that is handed out, and when it was taken. */
  handedOut?(cut: Cut, taken: Promise<void>): void;
  /** Count what is known too. */
  again?: boolean;
  from?: CutPosition | undefined;
  /** Takes a unit on, which `count` counts; the slot is free only when it settles, so reading waits for a slow database. */
  take(cut: Cut, count: () => Promise<Counted>): Promise<void>;
  /** Called after every unit. */
  progress(): void;
}

export interface ReadingEnd extends CutEnd<LedgerUnit> {
  /** Settles when every unit was taken; the next file is read meanwhile. */
  taken: Promise<void>;
}

/**
 * Reads a source to its end and hands its units out to be counted.
 * @throws NotACapture, or the file system's error; what was counted before is taken all the same
 */
export async function readUnits(source: ByteSource, plan: ReadingPlan): Promise<ReadingEnd> {
  const taken: Promise<void>[] = [];
  const units = cutUnits<Slot, LedgerUnit>(source, {
    acquire: () => plan.conveyor.acquire(source.most),
    release: plan.conveyor.release,
    known: plan.known,
    identify: unitId,
    again: plan.again ?? false,
    from: plan.from,
  });
  try {
    for (;;) {
      const step = await units.next();
      plan.progress();
      if (step.done) return { ...step.value, taken: Promise.all(taken).then(() => {}) };
      const one = takeUnit(step.value, plan);
      one.catch(() => {}); // a failure is reported where `taken` is awaited
      taken.push(one);
      plan.handedOut?.(step.value, one);
    }
  } catch (error) {
    await Promise.all(taken);
    throw error;
  }
}

async function takeUnit(cut: Cut, plan: ReadingPlan): Promise<void> {
  const { conveyor } = plan;
  try {
    await plan.take(cut, () => conveyor.count(cut.slot, cut.from, cut.to, cut.context, plan.settingsOf(cut)));
  } finally {
    conveyor.release(cut.slot);
  }
}

/** A file that cannot be read is that file's trouble; the run goes on. */
export function isAboutTheFile(error: unknown): error is Error {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof NotACapture || ['EACCES', 'EISDIR', 'EIO', 'ENOENT', 'EPERM'].includes(code ?? '');
}
