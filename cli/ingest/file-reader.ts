// Reads files one after another: what is new of each goes, unit by unit, to a `Taker`; then the file itself.
import type { Conveyor, Counted } from '../../analyzer/conveyor.ts';
import type { CutPosition } from '../../collector/cut.ts';
import { type CaptureFile, STANDARD_INPUT } from '../../collector/discover.ts';
import type { Progress } from '../../collector/progress.ts';
import { type ByteSource, openSource } from '../../collector/source.ts';
import type { FrameCounts, LedgerFile, LedgerUnit } from '../../store/ledger.ts';
import { addCounts, noFrames } from './account.ts';
import type { Books } from './books.ts';
import { type Cut, isAboutTheFile, readUnits } from './reading.ts';

/** Where units and files go. */
export interface Taker {
  /** Units in the database of files that begin as this one does. */
  known(opening: string, path: string): Promise<readonly LedgerUnit[]>;
  /** Told of every unit that is handed out, and when it was taken. */
  handedOut?(cut: Cut, path: string, taken: Promise<void>): void;
  /** Sees to it that a unit is in the database, or on its way there, once; `count` counts it. Settles with what its frames are. */
  take(path: string, cut: Cut, count: () => Promise<Counted>): Promise<FrameCounts>;
  /** Takes a file all of whose units were taken. */
  takeFile(file: LedgerFile): Promise<void>;
}

/** How far a file was read: taken up there again when it has grown. */
interface Reached {
  size: number;
  modified: number;
  /** Undefined where it must be read from its beginning. */
  position: CutPosition | undefined;
  /** What lies before the position. */
  before: FrameCounts;
}

/** What the frames of a unit are, and where it begins in the file. */
interface UnitCounts {
  start: number;
  counts: FrameCounts;
}

export class FileReader {
  #conveyor: Conveyor;
  #taker: Taker;
  #books: Books;
  #reached = new Map<string, Reached>();

  constructor(conveyor: Conveyor, taker: Taker, books: Books) {
    this.#conveyor = conveyor;
    this.#taker = taker;
    this.#books = books;
  }

  /** The file as it was when it was read last; undefined when it was not. */
  lastRead(path: string): { size: number; modified: number } | undefined {
    return this.#reached.get(path);
  }

  /** Reads one file. `done` settles when its units are on their way to the database: the next file is read meanwhile. */
  async read(file: CaptureFile, progress: Progress, bytesBefore: number): Promise<{ done: Promise<void> }> {
    const { account } = this.#books;
    const reached = this.#reached.get(file.path);
    const from = reached && file.size >= reached.size ? reached.position : undefined;
    const before = from ? (reached?.before ?? noFrames()) : noFrames();
    const counted: UnitCounts[] = [];
    let source: ByteSource | undefined;
    this.#books.forget(file.path);
    try {
      source = await openSource(file.path, { from: from?.at, size: file.size });
      const opened = source;
      const end = await readUnits(source, {
        conveyor: this.#conveyor,
        settingsOf: () => 0,
        known: (opening) => this.#taker.known(opening, file.path),
        handedOut: (cut, taken) => this.#taker.handedOut?.(cut, file.path, taken),
        from,
        take: async (cut, count) => {
          counted.push({ start: cut.start, counts: await this.#taker.take(file.path, cut, count) });
        },
        progress: () => progress.update({ bytes: bytesBefore + opened.taken(), packets: account.frames }),
      });
      this.#books.read(file.path, source.taken());
      if (end.damage) this.#books.damaged(file.path, end.damage, end.unfinished);
      const finish = async () => {
        await end.taken;
        for (const known of end.already) this.#books.met(file.path, known.unit, known.frames);
        const all = [...counted, ...end.already.map((known) => ({ start: known.start, counts: known }))];
        const position = opened.seekable ? end.position : undefined;
        const { path, size, modified } = file;
        this.#reached.set(path, { size, modified, position, before: sumOf(before, all, position?.at ?? 0) });
        if (path === STANDARD_INPUT) return;
        const { frames, counted: inTables, fates } = sumOf(before, all, Number.POSITIVE_INFINITY);
        await this.#taker.takeFile({
          path,
          size,
          modified,
          damage: end.damage ?? '',
          frames,
          counted: inTables,
          fates,
        });
      };
      const done = finish();
      done.catch(() => {}); // it may fail while the source is being closed; the caller awaits it
      return { done };
    } catch (error) {
      if (!isAboutTheFile(error)) throw error;
      this.#books.notRead(file, source?.taken() ?? 0, error);
      this.#reached.set(file.path, { ...file, position: undefined, before: noFrames() });
      return { done: Promise.resolve() };
    } finally {
      await source?.close();
    }
  }
}

/** The counts of the units that begin before a place in the file. */
function sumOf(before: FrameCounts, units: readonly UnitCounts[], until: number): FrameCounts {
  const sum = noFrames();
  addCounts(sum, before);
  for (const { start, counts } of units) if (start < until) addCounts(sum, counts);
  return sum;
}
