// Shared memory that units are put into, and who waits for some. Whose a slot is at what time is the conveyor's protocol (conveyor.ts).

/** A slot that the caller owns until it gives it to `count` or `release`. */
export interface Slot {
  number: number;
  buffer: SharedArrayBuffer;
}

/** Slots of one size, the free ones and who waits for one. */
export class SlotPool {
  readonly slots: readonly Slot[];
  #free: Slot[];
  #waiting: ((slot: Slot) => void)[] = [];

  /** @param first number */
  constructor(first: number, many: number, bytes: number) {
    this.slots = Array.from({ length: many }, (_, i) => ({ number: first + i, buffer: new SharedArrayBuffer(bytes) }));
    this.#free = [...this.slots];
  }

  acquire(): Promise<Slot> {
    const slot = this.#free.pop();
    return slot ? Promise.resolve(slot) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(slot: Slot): void {
    const next = this.#waiting.shift();
    if (next) next(slot);
    else this.#free.push(slot);
  }
}
