// Mutants: captures changed at random as writers, disks and attackers change them. The same seed and number give the same mutant.
import { gzipSync } from 'node:zlib';
import { createRandom, type Random } from '../../sample-pcaps/random.ts';
import type { Seed } from './corpus.ts';

export interface Mutant {
  bytes: Uint8Array;
  /** The bytes are those of a compressed file, changed after it was compressed. */
  compressed: boolean;
  /** What was done to what. */
  story: string[];
}

const MOST_CHANGES = 4;
/** One mutant in so many is a file of its own: files cost more. */
const COMPRESSED_EVERY = 64;
/** Where records and blocks of the formats have lengths, types and numbers; from their beginning, or negative from their end. */
const FIELDS = [0, 4, 8, 9, 10, 12, 14, 16, 20, 24, -4, -8];
const LENGTHS = [0, 1, 2, 4, 15, 16, 0x7f, 0xff, 0x7fff, 0xffff, 0x40000, 0x40001, 0x1000000, 0x1000001];
const EXTREMES = [0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff];
const MOST_LINK_TYPE = 300;
/** Where the link type stands in pcap's file header; pcapng's interface has it behind its first 8 bytes. */
const PCAP_LINK_TYPE = 20;
const BLOCK_BODY = 8;

type Change = (pieces: Uint8Array[], random: Random, seeds: readonly Seed[]) => void;

export function mutantOf(seeds: readonly Seed[], seed: number, number: number): Mutant {
  const random = createRandom(`mutant ${seed} ${number}`);
  const chosen = random.pick(seeds);
  const pieces = [...chosen.pieces];
  const story = [chosen.name];
  for (let left = random.int(1, MOST_CHANGES); left > 0; left--) {
    const [name, change] = random.pick(CHANGES);
    story.push(name);
    change(pieces, random, seeds);
  }
  const bytes = new Uint8Array(Buffer.concat(pieces));
  if (number % COMPRESSED_EVERY > 0) return { bytes, compressed: false, story };
  const file = [new Uint8Array(gzipSync(bytes, { level: random.int(0, 9) }))];
  const [name, change] = random.pick(CHANGES.filter(([, change]) => change !== splice && change !== otherLinkType));
  change(file, random, seeds);
  return { bytes: new Uint8Array(Buffer.concat(file)), compressed: true, story: [...story, 'gzip', name] };
}

/** The number of a piece behind the file header, where there is one. */
function place(pieces: readonly Uint8Array[], random: Random): number {
  return pieces.length > 1 ? random.int(1, pieces.length - 1) : 0;
}

/** Exchanges a piece for a changed copy. */
function edit(pieces: Uint8Array[], at: number, work: (piece: Uint8Array, view: DataView) => void): void {
  const piece = new Uint8Array(pieces[at] ?? []);
  if (piece.length === 0) return;
  work(piece, new DataView(piece.buffer));
  pieces[at] = piece;
}

const flipBits: Change = (pieces, random) => {
  const anywhere = random.int(0, pieces.length - 1);
  edit(pieces, anywhere, (piece) => {
    for (let left = random.int(1, 8); left > 0; left--)
      piece[random.int(0, piece.length - 1)]! ^= 1 << random.int(0, 7);
  });
};

const randomBytes: Change = (pieces, random) => {
  edit(pieces, random.int(0, pieces.length - 1), (piece) => {
    const from = random.int(0, piece.length - 1);
    const to = Math.min(piece.length, from + random.int(1, 16));
    for (let at = from; at < to; at++) piece[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.int(0, 255)]);
  });
};

const oddLength: Change = (pieces, random) => {
  edit(pieces, random.int(0, pieces.length - 1), (piece, view) => {
    const field = random.pick(FIELDS);
    const at = field < 0 ? piece.length + field : field;
    const bytes = random.pick([2, 4, 4]);
    if (at < 0 || at + bytes > piece.length) return;
    const littleEndian = random.chance(0.5);
    const was = bytes === 2 ? view.getUint16(at, littleEndian) : view.getUint32(at, littleEndian);
    const near = [was - 1, was + 1, was - 4, was + 4, was * 2, piece.length, piece.length - 16];
    const value = random.pick([...LENGTHS, ...EXTREMES, ...near, ...near]);
    if (bytes === 2) view.setUint16(at, value, littleEndian);
    else view.setUint32(at, value, littleEndian);
  });
};

const removePiece: Change = (pieces, random) => {
  pieces.splice(random.int(0, pieces.length - 1), 1);
  if (pieces.length === 0) pieces.push(new Uint8Array(0));
};

const repeatPiece: Change = (pieces, random) => {
  const at = random.int(0, pieces.length - 1);
  const copies = new Array(random.pick([1, 1, 1, 2, 50])).fill(pieces[at]);
  pieces.splice(random.int(0, pieces.length), 0, ...copies);
};

const swapPieces: Change = (pieces, random) => {
  const [one, other] = [random.int(0, pieces.length - 1), random.int(0, pieces.length - 1)];
  [pieces[one], pieces[other]] = [pieces[other]!, pieces[one]!];
};

const truncate: Change = (pieces, random) => {
  const last = random.int(0, pieces.length - 1);
  pieces.length = last + 1;
  pieces[last] = pieces[last]!.subarray(0, random.int(0, pieces[last]!.length));
};

/** Bytes out of the middle, so that what follows stands where nothing expects it. */
const loseBytes: Change = (pieces, random) => {
  const at = place(pieces, random);
  const piece = pieces[at]!;
  const from = random.int(0, piece.length);
  const lost = random.int(1, 64);
  pieces[at] = new Uint8Array(Buffer.concat([piece.subarray(0, from), piece.subarray(from + lost)]));
};

const garbage: Change = (pieces, random) => {
  const bytes = Uint8Array.from({ length: random.int(1, 200) }, () => random.int(0, 255));
  pieces.splice(random.int(0, pieces.length), 0, bytes);
};

/** The beginning of one capture, and behind it the end of another, its file header perhaps included. */
const splice: Change = (pieces, random, seeds) => {
  const other = random.pick(seeds).pieces;
  pieces.length = random.int(1, pieces.length);
  pieces.push(...other.slice(random.int(0, other.length - 1)));
};

const otherOrder: Change = (pieces, random) => {
  const at = random.chance(0.5) ? 0 : place(pieces, random);
  edit(pieces, at, (piece, view) => {
    const words = random.pick([1, 4, piece.length >> 2]);
    for (let word = 0; word < words && 4 * word + 4 <= piece.length; word++) {
      view.setUint32(4 * word, view.getUint32(4 * word), true);
    }
  });
};

const otherLinkType: Change = (pieces, random) => {
  const linkType = random.int(0, MOST_LINK_TYPE);
  const littleEndian = random.chance(0.7);
  const isPcap = (pieces[0]?.length ?? 0) >= 24;
  edit(pieces, isPcap ? 0 : place(pieces, random), (piece, view) => {
    const at = isPcap ? PCAP_LINK_TYPE : BLOCK_BODY;
    if (at + 4 > piece.length) return;
    if (isPcap) view.setUint32(at, linkType, littleEndian);
    else view.setUint16(at, linkType, littleEndian);
  });
};

/** Options nobody knows before the end of a block, whose two lengths agree about them. */
const oddOptions: Change = (pieces, random) => {
  const at = place(pieces, random);
  const piece = pieces[at]!;
  if (piece.length < 12) return;
  const options = Uint8Array.from({ length: 4 * random.int(1, 16) }, () => random.pick([0, 1, 2, 9, 14, 0xff]));
  const longer = new Uint8Array(Buffer.concat([piece.subarray(0, -4), options, piece.subarray(-4)]));
  const view = new DataView(longer.buffer);
  const littleEndian = view.getUint32(4, true) === piece.length;
  view.setUint32(4, longer.length, littleEndian);
  view.setUint32(longer.length - 4, longer.length, littleEndian);
  pieces[at] = longer;
};

const CHANGES: readonly (readonly [name: string, change: Change])[] = Object.entries({
  flipBits,
  randomBytes,
  oddLength,
  anotherOddLength: oddLength,
  removePiece,
  repeatPiece,
  swapPieces,
  truncate,
  loseBytes,
  garbage,
  splice,
  otherOrder,
  otherLinkType,
  oddOptions,
});
