// Reads captures again and counts their units as they were counted, comparing each with its ledger row and each file with its account;
// the counts go into a database of their own, to be compared with what is stored.
import { isDeepStrictEqual } from 'node:util';
import type { Conveyor, Counted } from '../../analyzer/conveyor.ts';
import type { AnalyzerConfig } from '../../analyzer/unit.ts';
import type { CaptureFile } from '../../collector/discover.ts';
import { NotACapture } from '../../collector/formats/capture.ts';
import type { Progress } from '../../collector/progress.ts';
import { type ByteSource, openSource } from '../../collector/source.ts';
import type { FrameCounts, Ledger, LedgerFile, LedgerUnit } from '../../store/ledger.ts';
import type { UnitHours } from '../../store/questions/units.ts';
import { addCounts, type DamagedFile, noFrames } from '../ingest/account.ts';
import type { Batcher } from '../ingest/batcher.ts';
import { type Cut, isAboutTheFile, type ReadingEnd, readUnits } from '../ingest/reading.ts';
import { accountOf, unitGoingOn } from '../ingest/shorter-copy.ts';

/** A unit or file that is not as the ledger has it. */
export interface UnitDifference {
  table: 'ledger' | 'files';
  file: string;
  /** Byte range in the decompressed file; null for a whole file. */
  bytes: readonly [number, number] | null;
  what: string;
  stored: unknown;
  counted: unknown;
}

export interface RecountConfig {
  ledger: Ledger;
  /** By identity. */
  hours: Map<string, UnitHours>;
  /** What units were counted with. */
  configs: readonly AnalyzerConfig[];
  /** Which of these a known unit was counted with. */
  settingsOf(unit: LedgerUnit): number;
  conveyor: Conveyor;
  batcher: Batcher;
  progress: Progress;
}

const HOURS_OF_NONE = 0;

export class Recount {
  /** All frames of the units, each unit once. */
  readonly sum = noFrames();
  readonly units = new Set<string>();
  readonly notRead: DamagedFile[] = [];
  readonly skipped: DamagedFile[] = [];
  files = 0;
  bytes = 0;
  difference: UnitDifference | undefined;
  #config: RecountConfig;
  #bytesBefore = 0;

  constructor(config: RecountConfig) {
    this.#config = config;
  }

  /** Reads on until a difference is found; then `difference` is the first one in the order of files and bytes. */
  async read(files: readonly CaptureFile[]): Promise<void> {
    // One file is compared while the next is read, and in their order.
    let before: Promise<void> = Promise.resolve();
    for (const file of files) {
      const compared = await this.#readFile(file);
      const after = before;
      before = after.then(compared);
      before.catch(() => {}); // awaited below
      await after;
      if (this.difference) break;
    }
    await before;
    await this.#config.batcher.flush();
  }

  /** @returns compares the file when its units are counted */
  async #readFile(file: CaptureFile): Promise<() => Promise<void>> {
    const { configs, conveyor, ledger, progress, settingsOf } = this.#config;
    const found: UnitDifference[] = [];
    const met: LedgerUnit[] = [];
    const sum = noFrames();
    let source: ByteSource | undefined;
    try {
      source = await openSource(file.path, { size: file.size });
      const opened = source;
      const end = await readUnits(source, {
        conveyor,
        settingsOf: ({ known }) => (known ? settingsOf(known) : 0),
        known: (opening) => ledger.units.get(opening) ?? [],
        again: true,
        take: async (cut, count) => {
          const { known } = cut;
          if (known) met.push(known);
          if (known && this.units.has(known.unit)) {
            addCounts(sum, known); // a copy: the same bytes are compared, and go in, once
            return;
          }
          const longer = known ? undefined : await unitGoingOn(ledger, file.path, cut);
          if (longer) {
            addCounts(sum, accountOf(cut, configs[settingsOf(longer)] as AnalyzerConfig)); // a part of a unit that is compared where the whole of it is
            return;
          }
          if (known) this.units.add(known.unit);
          const counted = await count();
          addCounts(sum, counted.account);
          const difference = this.#compareUnit(file.path, cut, counted);
          if (difference) found.push(difference);
          else await this.#keep(cut, counted);
        },
        progress: () => progress.update({ bytes: this.#bytesBefore + opened.taken(), packets: this.sum.frames }),
      });
      this.files++;
      return async () => {
        await end.taken;
        found.sort((a, b) => (a.bytes?.[0] ?? 0) - (b.bytes?.[0] ?? 0));
        this.difference ??= found[0] ?? this.#compareFile(file.path, sum, met, end);
      };
    } catch (error) {
      if (!isAboutTheFile(error)) throw error;
      const beside = !file.named && error instanceof NotACapture && error.unknown;
      (beside ? this.skipped : this.notRead).push({ path: file.path, damage: error.message });
      return async () => {};
    } finally {
      this.bytes += source?.taken() ?? 0;
      this.#bytesBefore += file.size;
      await source?.close();
    }
  }

  #compareUnit(
    file: string,
    { unit: id, start, end, known, opening }: Cut,
    { account }: Counted,
  ): UnitDifference | undefined {
    const about = { table: 'ledger', file, bytes: [start, end] } as const;
    const { frames, counted, fates } = account;
    if (known === undefined) {
      const other = this.#config.ledger.units.get(opening)?.find((unit) => unit.start === start);
      const what = other ? 'was ingested with other bytes' : 'was not ingested';
      return {
        ...about,
        what,
        stored: other ? { unit: other.unit, end: other.end } : null,
        counted: { unit: id, frames },
      };
    }
    const hours = this.#config.hours.get(known.unit);
    const again = {
      unit: id,
      frames,
      counted,
      fates,
      firstHour: account.firstHour ?? HOURS_OF_NONE,
      lastHour: account.lastHour ?? HOURS_OF_NONE,
    };
    const stored = {
      unit: known.unit,
      frames: known.frames,
      counted: known.counted,
      fates: known.fates,
      firstHour: hours?.firstHour,
      lastHour: hours?.lastHour,
    };
    const unlike = (Object.keys(again) as (keyof typeof again)[]).find(
      (name) => !isDeepStrictEqual(again[name], stored[name]),
    );
    return unlike && { ...about, what: unlike, stored: stored[unlike], counted: again[unlike] };
  }

  async #keep({ start, end, opening, known }: Cut, { account, round }: Counted): Promise<void> {
    const { unit, rulesVersion, settings } = known as LedgerUnit;
    addCounts(this.sum, account);
    const { frames, counted, fates } = account;
    const hours = this.#config.hours.get(unit) as UnitHours;
    const { path, firstHour, lastHour } = hours;
    const row = {
      unit,
      start,
      end,
      opening,
      path,
      frames,
      counted,
      fates,
      firstHour,
      lastHour,
      rulesVersion,
      settings,
    };
    await this.#config.batcher.add(row, round);
  }

  /** The file's own account, under its name or the one its units came in under: then something may be missing in it. */
  #compareFile(
    file: string,
    sum: FrameCounts,
    met: readonly LedgerUnit[],
    end: ReadingEnd,
  ): UnitDifference | undefined {
    const row = this.#rowOf(file, met);
    if (row === undefined) return undefined;
    const { frames, counted, fates } = row;
    if (isDeepStrictEqual({ frames, counted, fates }, { ...sum })) {
      if ((row.damage !== '') === (end.damage !== undefined) || row.path !== file) return undefined;
      return { table: 'files', file, bytes: null, what: 'damage', stored: row.damage, counted: end.damage ?? '' };
    }
    const missing = this.#missing(row.path, met);
    if (missing) {
      const bytes: [number, number] = [missing.start, missing.end];
      return {
        table: 'ledger',
        file,
        bytes,
        what: 'is no longer in the file',
        stored: { unit: missing.unit },
        counted: null,
      };
    }
    return { table: 'files', file, bytes: null, what: 'the account', stored: { frames, counted, fates }, counted: sum };
  }

  #rowOf(file: string, met: readonly LedgerUnit[]): LedgerFile | undefined {
    const { ledger, hours } = this.#config;
    const own = ledger.files.get(file);
    if (own || met.length === 0) return own;
    const paths = new Set(met.map(({ unit }) => hours.get(unit)?.path ?? ''));
    // Units of several files: it was put together anew, and what it holds was compared unit by unit.
    return paths.size === 1 ? ledger.files.get([...paths][0] as string) : undefined;
  }

  #missing(path: string, met: readonly LedgerUnit[]): UnitHours | undefined {
    const have = new Set(met.map(({ unit }) => unit));
    let first: UnitHours | undefined;
    for (const unit of this.#config.hours.values()) {
      if (unit.path !== path || have.has(unit.unit)) continue;
      if (first === undefined || unit.start < first.start) first = unit;
    }
    return first;
  }
}
