// Takes units where one process alone ingests: what the ledger had when the run began, and what the run has added since, is not counted again.
import type { Counted } from '../../analyzer/conveyor.ts';
import type { AnalyzerConfig, UnitAccount } from '../../analyzer/unit.ts';
import type { FrameCounts, Ledger, LedgerFile, LedgerRow, LedgerUnit } from '../../store/ledger.ts';
import type { Batcher } from './batcher.ts';
import type { Books } from './books.ts';
import type { Taker } from './file-reader.ts';
import type { Cut } from './reading.ts';
import { accountOf, unitGoingOn } from './shorter-copy.ts';
import { UnderWay } from './under-way.ts';

/** What units are counted with: for the threads, and as the ledger keeps it. */
export interface CountingConfig {
  analyzer: AnalyzerConfig;
  countedWith: Pick<LedgerUnit, 'rulesVersion' | 'settings'>;
}

/** A unit's row for the ledger, and the round its counts are in. */
interface CountedRow {
  row: LedgerRow;
  round: number;
}

export class UnitTaker implements Taker {
  #ledger: Ledger;
  #books: Books;
  #config: CountingConfig;
  #batcher: Batcher;
  #underWay = new UnderWay();
  /** Units being counted. */
  #counting = new Map<string, Promise<CountedRow>>();

  constructor(ledger: Ledger, books: Books, config: CountingConfig, batcher: Batcher) {
    this.#ledger = ledger;
    this.#books = books;
    this.#config = config;
    this.#batcher = batcher;
  }

  /** @throws Error for a file that others have begun: a part of it may be in some tables, where only they can tell it from the rest */
  async known(opening: string, path: string): Promise<readonly LedgerUnit[]> {
    const begun = this.#ledger.begun.get(opening);
    if (begun)
      throw new Error(`${path} was begun by ${begun.holder}, with --share, and not finished: ingest it with --share`);
    await this.#underWay.othersTaken(opening, path);
    return this.#ledger.units.get(opening) ?? [];
  }

  handedOut({ opening }: Cut, path: string, taken: Promise<void>): void {
    this.#underWay.add(opening, path, taken);
  }

  /** Has a unit counted and sends it on, unless its like is in the database or on its way there (a copy of the file within one run). */
  async take(path: string, cut: Cut, count: () => Promise<Counted>): Promise<FrameCounts> {
    const id = cut.unit;
    const alike = this.#ledger.ids.get(id) ?? (await this.#counting.get(id))?.row;
    if (alike !== undefined) {
      this.#books.met(path, id, alike.frames);
      return alike;
    }
    if (await unitGoingOn(this.#ledger, path, cut)) {
      const account = accountOf(cut, this.#config.analyzer);
      this.#books.met(path, id, account.frames);
      return account;
    }
    const counting = this.#count(path, cut, count);
    this.#counting.set(id, counting);
    const { row, round } = await counting.finally(() => this.#counting.delete(id));
    await this.#batcher.add(row, round);
    return row;
  }

  takeFile(file: LedgerFile): Promise<void> {
    return this.#batcher.addFile(file);
  }

  async #count(path: string, cut: Cut, count: () => Promise<Counted>): Promise<CountedRow> {
    const { account, round } = await count();
    const row = ledgerRow(path, cut, account, this.#config.countedWith);
    this.#ledger.add(cut.opening, row);
    this.#books.counted(path, cut.unit, account);
    return { row, round };
  }
}

export function ledgerRow(
  path: string,
  { unit, start, end, opening }: Cut,
  { frames, counted, fates, firstHour, lastHour }: UnitAccount,
  countedWith: CountingConfig['countedWith'],
): LedgerRow {
  const hours = { firstHour: firstHour ?? 0, lastHour: lastHour ?? 0 };
  return { unit, path, start, end, frames, counted, fates, ...countedWith, opening, ...hours };
}
