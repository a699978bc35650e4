// One mutant through the code that `ingest` uses, from the stream of bytes to the blocks, and what must be true of whatever comes out.
import type { Block } from '../../analyzer/blocks.ts';
import { DEFAULT_RULES } from '../../analyzer/classify/rules.ts';
import { type AnalyzerConfig, type UnitAccount, UnitCounter, unitId } from '../../analyzer/unit.ts';
import type { CutUnit, KnownUnit, UnitBuffer } from '../../collector/cut.ts';
import { NotACapture } from '../../collector/formats/capture.ts';
import { NO_TIME } from '../../collector/formats/frames.ts';
import { type ByteSource, openSource } from '../../collector/source.ts';
import { cutUnits, SLOT_BYTES } from '../../collector/units.ts';
import { blocksFaults, sameBlock } from './sums.ts';

export type Counter = Pick<UnitCounter, 'count'>;
type Known = KnownUnit & { opening: string };

/** One pass over a mutant. */
interface Pass {
  units: { start: number; end: number; id: string; account: UnitAccount; blocks: Block[] }[];
  already: number;
  /** What is wrong with the capture: a damage, or why it is refused. */
  said: string | undefined;
  frames: number;
}

/** The smallest record of all formats. */
const SMALLEST_RECORD = 16;
/** Filled behind what a pass reads: what comes out must not depend on it. */
const DIRT_BYTES = 1 << 12;
/** The second pass gets the bytes in pieces, at most so large. */
const MOST_PIECE = 997;
/** More than a mutant is ever decompressed to. */
const MOST_DECOMPRESSED = 1 << 20;

export interface Examiner {
  /** What is wrong with how the mutant was read; none of these is right. */
  faultsOf(mutant: Uint8Array): Promise<string[]>;
  /** The same of a file, which may be compressed: opened as `ingest` opens it, twice. */
  faultsOfFile(path: string): Promise<string[]>;
  /** Frames of all mutants so far. */
  frames(): number;
}

/** @param counter one that is used again and again, as a worker's is; another only to see that its mistakes are found */
export function createExaminer(counter: Counter = new UnitCounter(fuzzConfig())): Examiner {
  const slots: UnitBuffer[] = [0, 1].map(() => ({ buffer: new SharedArrayBuffer(SLOT_BYTES) }));
  let frames = 0;
  let mutants = 0;
  return {
    frames: () => frames,
    faultsOf: async (mutant) => {
      mutants++;
      const read = (most: number, dirt: number, known: readonly Known[] = []) =>
        pass(memorySource(mutant, most), counter, slots, { dirt, bytes: mutant.length, known });
      const whole = await read(mutant.length, 0x00);
      frames += whole.frames;
      const faults = faultsIn(whole);
      if (whole.frames * SMALLEST_RECORD > mutant.length) {
        faults.push(`${whole.frames} frames out of ${mutant.length} bytes`);
      }
      const inPieces = await read(1 + ((mutants * mutants) % MOST_PIECE), 0xff);
      if (!same(whole, inPieces)) faults.push(`read again it is another: ${told(whole)}, then ${told(inPieces)}`);
      if (whole.units.length === 0) return faults;
      const known = whole.units.map(({ start, end, id }) => ({ start, end, unit: id, opening: '' }));
      const again = await read(mutant.length, 0x55, known);
      if (again.units.length > 0 || again.already !== whole.units.length || again.said !== whole.said) {
        faults.push(`what is known is not recognised: ${told(whole)}, then ${told(again)}`);
      }
      return faults;
    },
    faultsOfFile: async (path) => {
      const read = async (dirt: number) => {
        const source = await openSource(path);
        try {
          return await pass(source, counter, slots, { dirt, bytes: MOST_DECOMPRESSED, known: [] });
        } finally {
          await source.close();
        }
      };
      const one = await read(0x00);
      frames += one.frames;
      const other = await read(0xff);
      const faults = faultsIn(one);
      if (!same(one, other)) faults.push(`read again it is another: ${told(one)}, then ${told(other)}`);
      return faults;
    },
  };
}

function faultsIn({ units }: Pass): string[] {
  return units.flatMap(({ account, blocks }) => blocksFaults(account, blocks));
}

/** Three quarters of IPv4 and an eighth of IPv6 are monitored, so that both sides of the darknet's edge are met. */
export function fuzzConfig(): AnalyzerConfig {
  const darknet = [
    { bytes: [0, 0, 0, 0], bits: 1 },
    { bytes: [192, 0, 0, 0], bits: 2 },
    { bytes: [0x20, ...new Array(15).fill(0)], bits: 3 },
  ];
  return { rules: DEFAULT_RULES, darknet, timeZone: 'Asia/Tokyo', earliest: 1, latest: NO_TIME };
}

async function pass(
  source: ByteSource,
  counter: Counter,
  slots: readonly UnitBuffer[],
  { dirt, bytes, known }: { dirt: number; bytes: number; known: readonly Known[] },
): Promise<Pass> {
  const free = [...slots];
  for (const { buffer } of slots) new Uint8Array(buffer, 0, bytes + DIRT_BYTES).fill(dirt);
  const result: Pass = { units: [], already: 0, said: undefined, frames: 0 };
  const units = cutUnits<UnitBuffer, Known>(source, {
    acquire: async () => {
      const slot = free.pop();
      if (slot === undefined) throw new Error('a slot was not given back');
      return slot;
    },
    release: (slot) => free.push(slot),
    known: () => known,
    identify: unitId,
  });
  try {
    for (;;) {
      const step = await units.next();
      if (step.done) {
        result.said = step.value.damage;
        result.already = step.value.already.length;
        break;
      }
      result.units.push(counted(step.value, counter));
      result.frames += result.units.at(-1)?.account.frames ?? 0;
      free.push(step.value.slot);
    }
  } catch (error) {
    if (!(error instanceof NotACapture)) throw error;
    result.said = error.message;
  }
  if (free.length !== slots.length) throw new Error('a slot was not given back');
  return result;
}

function counted({ slot, from, to, context, start, end }: CutUnit<UnitBuffer, Known>, counter: Counter) {
  const id = unitId(new Uint8Array(slot.buffer, from, to - from), context);
  const { account, blocks } = counter.count(new DataView(slot.buffer), from, to, context);
  return { start, end, id, account, blocks };
}

/** The bytes as they come from a file: at most so many at once. */
function memorySource(bytes: Uint8Array, most: number): ByteSource {
  let given = 0;
  return {
    read: async (into, at, wanted) => {
      const part = bytes.subarray(given, given + Math.min(wanted, most));
      into.set(part, at);
      given += part.length;
      return part.length;
    },
    seekable: false,
    taken: () => given,
    damage: () => undefined,
    close: async () => {},
  };
}

function same(one: Pass, other: Pass): boolean {
  if (told(one) !== told(other)) return false;
  return one.units.every(({ start, end, id, account, blocks }, number) => {
    const its = other.units[number];
    const told = JSON.stringify([start, end, id, account]);
    if (its === undefined || told !== JSON.stringify([its.start, its.end, its.id, its.account])) return false;
    return blocks.every((block, place) => sameBlock(block, its.blocks[place]));
  });
}

function told({ units, already, said, frames }: Pass): string {
  return `${units.length} units (${already} known) of ${frames} frames${said ? `, ${said}` : ''}`;
}
