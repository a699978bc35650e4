// Sorts flow records into the order of the table `flows`: class (hour, kind, proto), dstPort, srcAddr, marks, srcPort. Radix sorts: first by
// class and the upper byte of the port, so that what is left to sort lies in the cache; then by the lower byte; then each port's records.
// Records are moved as two doubles instead of four words: half as many loads and stores, each with its check of bounds.
import type { FlowClasses } from './flow-classes.ts';
import { CLASS_PORT, MARKS_PORT, RECORD, SRC_ADDR } from './flow-records.ts';
import type { FlowRows } from './flow-rows.ts';

/** So few records are sorted by insertion; their numbers take the lowest 4 of the 53 bits of a key. */
const FEW = 16;
/** A class of so many records is sorted by its ports' upper byte at once. */
const MANY = 4096;
const DOUBLES = RECORD / 2;

/** Records in one order or the other: the same memory as words and as doubles. */
interface Records {
  words: Uint32Array;
  doubles: Float64Array;
}

/** Stretches of records that are sorted one after another. */
interface Buckets {
  /** Where each begins, and behind the last where that ends. */
  starts: Uint32Array;
  /** By class: its first bucket, and which bits of the port's upper byte tell its buckets apart: all or none. */
  first: Uint32Array;
  mask: Uint8Array;
}

export class RecordSorter {
  #other: Records = recordsOf(new Uint32Array(0));
  #few: Records = recordsOf(new Uint32Array(FEW * RECORD));
  #keys: Float64Array = new Float64Array(FEW);
  #ends: Uint32Array = new Uint32Array(256);
  #groups: Uint32Array = new Uint32Array(257);

  /** Sorts the first `size` records and gives them to `rows`, group by group; the records themselves are used up. */
  sort(words: Uint32Array, size: number, classes: FlowClasses, rows: FlowRows): void {
    if (this.#other.words.length < words.length) this.#other = recordsOf(new Uint32Array(words.length));
    const records = recordsOf(words);
    const buckets = bucketsOf(words, size, classes);
    distribute(records, this.#other, size, buckets);
    const { starts, first, mask } = buckets;
    for (const number of classes.sorted()) {
      rows.beginClass(number);
      if (mask[number] === 0) {
        const bucket = first[number];
        this.#sortBytes(this.#other, records, starts[bucket], starts[bucket + 1], ALL_BYTES, rows);
      } else {
        for (let bucket = first[number]; bucket <= first[number] + 0xff; bucket++) {
          this.#sortPorts(records, starts[bucket], starts[bucket + 1], rows);
        }
      }
      rows.endClass();
    }
  }

  /** Sorts the records `from … to`, which are in `#other` and whose ports differ in their lower byte only. */
  #sortPorts(records: Records, from: number, to: number, rows: FlowRows): void {
    if (from === to) return;
    const groups = this.#groups;
    this.#scatter(this.#other, records, from, to, CLASS_PORT, 0, groups);
    for (let byte = 0; byte < 256; byte++) {
      const first = groups[byte];
      const end = groups[byte + 1];
      if (end === first) continue;
      if (end - first > FEW || !this.#sortFew(records, first, end, rows)) {
        this.#sortBytes(records, this.#other, first, end, SOURCE_BYTES, rows);
      }
    }
  }

  /** Sorts up to FEW records of one port by insertion; false when their keys do not fit into doubles, and nothing was done. */
  #sortFew({ words, doubles }: Records, from: number, to: number, rows: FlowRows): boolean {
    const keys = this.#keys;
    let all = 0;
    for (let record = from; record < to; record++) {
      const marksPort = words[record * RECORD + MARKS_PORT];
      all |= marksPort;
      const marksOrPort = ((marksPort >>> 16) & 0xff) | (marksPort & 0xffff);
      const key =
        ((marksPort >>> 24) * 2 ** 32 + words[record * RECORD + SRC_ADDR]) * 2 ** 20 +
        marksOrPort * FEW +
        record -
        from;
      let place = record - from;
      while (place > 0 && keys[place - 1] > key) {
        keys[place] = keys[place - 1];
        place--;
      }
      keys[place] = key;
    }
    if ((all & 0xff0000) !== 0 && (all & 0xffff) !== 0) return false;
    const few = this.#few;
    for (let place = 0; place < to - from; place++) {
      const key = keys[place];
      const record = from + (key - Math.floor(key / FEW) * FEW);
      few.doubles[place * DOUBLES] = doubles[record * DOUBLES];
      few.doubles[place * DOUBLES + 1] = doubles[record * DOUBLES + 1];
    }
    rows.add(few.words, 0, to - from);
    return true;
  }

  /**
   * Sorts the records `from … to`, which are in `source`, byte by byte, the least significant first; bytes that are the same in all are
   * left out.
   */
  #sortBytes(
    source: Records,
    target: Records,
    from: number,
    to: number,
    bytes: readonly WordByte[],
    rows: FlowRows,
  ): void {
    if (from === to) return;
    const varying = [0, 1, 2].map((word) => varyingBits(source.words, from, to, word));
    let now = source;
    let next = target;
    for (const [word, shift] of bytes) {
      if (((varying[word] >>> shift) & 0xff) === 0) continue;
      this.#scatter(now, next, from, to, word, shift, undefined);
      [now, next] = [next, now];
    }
    rows.add(now.words, from, to);
  }

  /**
   * One stable counting sort of the records `from … to` by a byte of a word.
   * @param starts takes where each byte's records begin, and behind them `to`
   */
  #scatter(
    source: Records,
    target: Records,
    from: number,
    to: number,
    word: number,
    shift: number,
    starts: Uint32Array | undefined,
  ): void {
    const ends = this.#ends;
    const { words, doubles } = source;
    const into = target.doubles;
    ends.fill(0);
    for (let at = from * RECORD + word; at < to * RECORD; at += RECORD) ends[(words[at] >>> shift) & 0xff]++;
    let place = from;
    for (let byte = 0; byte < 256; byte++) {
      const count = ends[byte];
      ends[byte] = place;
      place += count;
    }
    if (starts !== undefined) {
      starts.set(ends);
      starts[256] = to;
    }
    for (let record = from; record < to; record++) {
      const put = ends[(words[record * RECORD + word] >>> shift) & 0xff]++ * DOUBLES;
      into[put] = doubles[record * DOUBLES];
      into[put + 1] = doubles[record * DOUBLES + 1];
    }
  }
}

type WordByte = readonly [word: number, shift: number];

/** What follows the port in the table's order, from its least significant byte on: srcPort, marks, srcAddr, IPv6 or not. */
const SOURCE_BYTES: readonly WordByte[] = [
  [MARKS_PORT, 0],
  [MARKS_PORT, 8],
  [MARKS_PORT, 16],
  [SRC_ADDR, 0],
  [SRC_ADDR, 8],
  [SRC_ADDR, 16],
  [SRC_ADDR, 24],
  [MARKS_PORT, 24],
];

/** The same, and the port. */
const ALL_BYTES: readonly WordByte[] = [...SOURCE_BYTES, [CLASS_PORT, 0], [CLASS_PORT, 8]];

function recordsOf(words: Uint32Array): Records {
  return { words, doubles: new Float64Array(words.buffer) };
}

/** One bucket for a small class, 256 for a large one, in the order of the classes. */
function bucketsOf(words: Uint32Array, size: number, classes: FlowClasses): Buckets {
  const first = new Uint32Array(classes.size);
  const mask = new Uint8Array(classes.size);
  let buckets = 0;
  for (const number of classes.sorted()) {
    first[number] = buckets;
    mask[number] = classes.counts[number] >= MANY ? 0xff : 0;
    buckets += mask[number] + 1;
  }
  const starts = new Uint32Array(buckets + 1);
  for (let at = 0; at < size * RECORD; at += RECORD) {
    const number = words[at] >>> 16;
    starts[first[number] + ((words[at] >>> 8) & mask[number])]++;
  }
  let place = 0;
  for (let bucket = 0; bucket <= buckets; bucket++) {
    const count = starts[bucket];
    starts[bucket] = place;
    place += count;
  }
  return { starts, first, mask };
}

/** Puts every record into its bucket. */
function distribute(source: Records, target: Records, size: number, { starts, first, mask }: Buckets): void {
  const places = starts.slice();
  const { words, doubles } = source;
  const into = target.doubles;
  for (let record = 0; record < size; record++) {
    const classPort = words[record * RECORD];
    const number = classPort >>> 16;
    const put = places[first[number] + ((classPort >>> 8) & mask[number])]++ * DOUBLES;
    into[put] = doubles[record * DOUBLES];
    into[put + 1] = doubles[record * DOUBLES + 1];
  }
}

/** Bits of a word that are not the same in all records `from … to`. */
function varyingBits(words: Uint32Array, from: number, to: number, word: number): number {
  const first = words[from * RECORD + word];
  let bits = 0;
  for (let at = from * RECORD + word; at < to * RECORD; at += RECORD) bits |= words[at] ^ first;
  return bits;
}
