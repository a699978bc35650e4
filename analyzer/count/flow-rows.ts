// Rows of the table `flows` as columns: sorted records of the same key become one row.
import { BACKSCATTER } from '../classify/kinds.ts';
import type { FlowClasses } from './flow-classes.ts';
import {
  BYTES_BITS,
  BYTES_MASK,
  CLASS_PORT,
  EXTENDS,
  IPV6,
  MARKS_PORT,
  RECORD,
  SECOND_BYTES,
  SECOND_MASK,
  SRC_ADDR,
} from './flow-records.ts';

/** Four columns of 32 bits, two of 16, three of 8; and of the times an end of 64 bits and up to two values of 16. */
export const ROW_BYTES = 35;

export class FlowRows {
  /** Rows filled: of each column the first so many elements count. */
  rows = 0;
  timesFilled = 0;
  /** Seconds since 1970. */
  hour: Uint32Array;
  kind: Uint8Array;
  proto: Uint8Array;
  dstPort: Uint16Array;
  srcPort: Uint16Array;
  /** The address, or an IPv6 address's number. */
  srcAddr: Uint32Array;
  /** 1 where srcAddr is the number of an IPv6 address; undefined when none is. */
  isIpv6: Uint8Array | undefined;
  toolMarks: Uint8Array;
  packets: Uint32Array;
  /** The lower 32 bits. */
  bytes: Uint32Array;
  /** The upper bits; undefined when all are 0. */
  bytesUpper: Uint32Array | undefined;
  /** Seconds in the hour: a row's first, and its last where that is another. */
  times: Uint16Array;
  /** Where each row's times end: 64 bits in two words, of which the upper one stays 0. */
  timeEnds: Uint32Array;
  #classes: FlowClasses;
  #most: number;
  /** The class at hand, and its first row. */
  #class = 0;
  #classFrom = 0;

  /**
   * @param most records that will be given: there are no more rows than that
   * @param memory at least `ROW_BYTES * most` bytes of anything
   */
  constructor(most: number, classes: FlowClasses, memory: ArrayBuffer) {
    this.#most = most;
    this.#classes = classes;
    const columns32 = [0, 1, 2, 3].map((column) => new Uint32Array(memory, 4 * column * most, most));
    [this.hour, this.srcAddr, this.packets, this.bytes] = columns32;
    this.timeEnds = new Uint32Array(memory, 16 * most, 2 * most).fill(0);
    this.times = new Uint16Array(memory, 24 * most, 2 * most);
    const columns16 = [0, 1].map((column) => new Uint16Array(memory, (28 + 2 * column) * most, most));
    [this.dstPort, this.srcPort] = columns16;
    const columns8 = [0, 1, 2].map((column) => new Uint8Array(memory, (32 + column) * most, most));
    [this.kind, this.proto, this.toolMarks] = columns8;
  }

  /** Makes a class the one whose records come next. */
  beginClass(number: number): void {
    this.#class = number;
    this.#classFrom = this.rows;
  }

  /** Fills the columns that are the same in all rows of the class. */
  endClass(): void {
    const { rows } = this;
    const from = this.#classFrom;
    const kind = this.#classes.kindOf(this.#class);
    this.hour.fill(this.#classes.hourOf(this.#class) * 3600, from, rows);
    this.kind.fill(kind, from, rows);
    this.proto.fill(this.#classes.protoOf(this.#class), from, rows);
    // In the records the port of all other kinds is 0.
    if (kind !== BACKSCATTER) this.srcPort.fill(0, from, rows);
  }

  /** Adds the sorted records `from … to` of the class at hand; no later record has a key of theirs. */
  add(words: Uint32Array, from: number, to: number): void {
    const { dstPort, srcPort, srcAddr, toolMarks, packets, bytes, times, timeEnds } = this;
    const end = to * RECORD;
    let at = from * RECORD;
    const backscatter = this.#classes.kindOf(this.#class) === BACKSCATTER;
    let row = this.rows;
    let time = this.timesFilled;
    while (at < end) {
      const classPort = words[at + CLASS_PORT];
      const marksPort = words[at + MARKS_PORT];
      const source = words[at + SRC_ADDR];
      let count = 0;
      let sum = 0;
      let least = SECOND_MASK;
      let most = 0;
      do {
        const more = words[at + SECOND_BYTES];
        const second = (more >>> BYTES_BITS) & SECOND_MASK;
        if (second < least) least = second;
        if (second > most) most = second;
        if ((more & EXTENDS) === 0) {
          count++;
          sum += more & BYTES_MASK;
        } else {
          sum += (more & BYTES_MASK) * (BYTES_MASK + 1);
        }
        at += RECORD;
      } while (
        at < end &&
        words[at + CLASS_PORT] === classPort &&
        words[at + SRC_ADDR] === source &&
        words[at + MARKS_PORT] === marksPort
      );
      dstPort[row] = classPort;
      if (backscatter) srcPort[row] = marksPort;
      srcAddr[row] = source;
      toolMarks[row] = marksPort >>> 16;
      packets[row] = count;
      bytes[row] = sum;
      times[time++] = least;
      if (most !== least) times[time++] = most;
      timeEnds[2 * row] = time;
      if (sum > 0xffffffff) this.#upper()[row] = sum / 2 ** 32;
      if ((marksPort & IPV6) !== 0) this.#ipv6()[row] = 1;
      row++;
    }
    this.rows = row;
    this.timesFilled = time;
  }

  #upper(): Uint32Array {
    this.bytesUpper ??= new Uint32Array(this.#most);
    return this.bytesUpper;
  }

  #ipv6(): Uint8Array {
    this.isIpv6 ??= new Uint8Array(this.#most);
    return this.isIpv6;
  }
}
