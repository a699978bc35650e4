// The classes of a run's flows: each (hour, kind, proto) that occurs has a number, and its records are counted.
import { BATCH_ROWS } from '../../collector/formats/frames.ts';

/** A class's number has 16 bits in a record. */
const MOST_CLASSES = 1 << 16;
/** kind << 8 | proto. */
const WHATS = 3 << 8;

export class FlowClasses {
  size = 0;
  /** The current hour, since 1970. */
  hour = 0;
  /** Class of each kind << 8 | proto in that hour; -1 where none is known. */
  ofHour: Int32Array = new Int32Array(WHATS).fill(-1);
  /** Records by class. */
  counts: Uint32Array = new Uint32Array(MOST_CLASSES);
  #hours: Uint32Array = new Uint32Array(MOST_CLASSES);
  #whats: Uint16Array = new Uint16Array(MOST_CLASSES);
  #numbers = new Map<number, number>();

  get nearlyFull(): boolean {
    return this.size + BATCH_ROWS > MOST_CLASSES;
  }

  /** Makes an hour (since 1970) the current one. */
  enter(hour: number): void {
    if (hour === this.hour) return;
    this.hour = hour;
    this.ofHour.fill(-1);
  }

  /** The number of a class of the current hour. */
  add(what: number): number {
    const key = this.hour * WHATS + what;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.size++;
      this.#numbers.set(key, number);
      this.#hours[number] = this.hour;
      this.#whats[number] = what;
      this.counts[number] = 0;
    }
    this.ofHour[what] = number;
    return number;
  }

  hourOf(number: number): number {
    return this.#hours[number];
  }

  kindOf(number: number): number {
    return this.#whats[number] >>> 8;
  }

  protoOf(number: number): number {
    return this.#whats[number] & 0xff;
  }

  /** All classes by hour, kind, proto: the order of the table. */
  sorted(): number[] {
    const key = (number: number) => this.#hours[number] * WHATS + this.#whats[number];
    return Array.from({ length: this.size }, (_, number) => number).sort((a, b) => key(a) - key(b));
  }

  clear(): void {
    this.size = 0;
    this.#numbers.clear();
    this.ofHour.fill(-1);
  }
}
