// The days that running sensors make: the running one provisionally again and again, those before once more when they are over.
import type { Connection } from '../../store/database.ts';
import { finaliseSensor } from '../../store/finalise/finalise.ts';
import type { Settled } from './settle.ts';

export class Days {
  #made: Map<Settled, number>;

  constructor(settled: readonly Settled[]) {
    this.#made = new Map(settled.map((one) => [one, 0]));
  }

  async finalise(db: Connection): Promise<void> {
    for (const [one, before] of this.#made) {
      this.#made.set(one, before + (await finaliseSensor(db, one.sensor)));
    }
  }

  /** Sensor-days made since the start. */
  made(one: Settled): number {
    return this.#made.get(one) ?? 0;
  }
}
