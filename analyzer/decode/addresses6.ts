// IPv6 addresses of a unit, each once: the first seen gets number 0, the next 1, … so that a flow's key holds 32 bits for
// either version. Open addressing over the four words of an address.
import { mix } from '../count/mix.ts';

export class Addresses6 {
  /** Four words an address, in network order as numbers, by number. */
  words: Uint32Array = new Uint32Array(4 * 256);
  size = 0;
  #slots: Int32Array = new Int32Array(1024).fill(-1);

  /** The number of the address whose 16 bytes lie at `at`. */
  number(view: DataView, at: number): number {
    const a = view.getUint32(at);
    const b = view.getUint32(at + 4);
    const c = view.getUint32(at + 8);
    const d = view.getUint32(at + 12);
    const { words } = this;
    const mask = this.#slots.length - 1;
    let slot = mix(mix(a, b), mix(c, d)) & mask;
    for (;;) {
      const known = this.#slots[slot];
      if (known < 0) break;
      const w = known * 4;
      if (words[w] === a && words[w + 1] === b && words[w + 2] === c && words[w + 3] === d) return known;
      slot = (slot + 1) & mask;
    }
    return this.#add(slot, a, b, c, d);
  }

  clear(): void {
    this.size = 0;
    this.#slots.fill(-1);
  }

  #add(slot: number, a: number, b: number, c: number, d: number): number {
    const number = this.size++;
    this.#slots[slot] = number;
    if (number * 4 === this.words.length) {
      const wider = new Uint32Array(this.words.length * 2);
      wider.set(this.words);
      this.words = wider;
    }
    this.words.set([a, b, c, d], number * 4);
    if (this.size * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let number = 0; number < this.size; number++) {
      const w = number * 4;
      const { words } = this;
      let slot = mix(mix(words[w], words[w + 1]), mix(words[w + 2], words[w + 3])) & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = number;
    }
    this.#slots = slots;
  }
}
