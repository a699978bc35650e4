// Does an account balance? Frames = counted + fates in a run, and over all runs of the sensor every table holds just what was counted.
import type { Connection } from '../../store/database.ts';
import { storedCounts } from '../../store/questions/stored.ts';
import { fatesSum, type RunAccount } from './account.ts';

/** The run's own frames. */
export function isBalanced({ frames, counted, fates }: RunAccount): boolean {
  return frames === counted + fatesSum(fates);
}

/** What is stored of its sensor; without sense while others insert. */
export async function isStoreBalanced(db: Connection, sensor: string): Promise<boolean> {
  const stored = await storedCounts(db, sensor);
  return (
    stored.framesOfUnits === stored.frames &&
    [stored.countedOfUnits, stored.flows, stored.portHours, stored.minutes, stored.dark].every(
      (packets) => packets === stored.counted,
    )
  );
}
