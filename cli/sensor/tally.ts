// What a sensor has received and lost: in all, for the account, and since its last batch, for the tables.

import { wide } from '../../analyzer/blocks.ts';
import { monitoredAddresses, type Prefix } from '../../analyzer/decode/darknet.ts';
import type { Block } from '../../store/native.ts';

/** Counts of a stretch of time, under the names that the table captureMinutes has for them. */
export interface CaptureCounts {
  received: number;
  kernelDropped: number;
  cardDropped: number;
  spoolDropped: number;
  clockSteps: number;
}

type Minute = CaptureCounts & { minute: number; source: string; observedMs: number };

const MINUTE_MS = 60_000;
const MINUTES = 60;

export class Tally {
  /** Since the start. */
  readonly total: CaptureCounts = noCounts();
  observedMs = 0;
  #addresses: number;
  #minutes = new Map<string, Minute>();
  /** By source: what is left of a second. */
  #rest = new Map<string, number>();

  constructor(darknet: readonly Prefix[]) {
    this.#addresses = Math.min(monitoredAddresses(darknet), 0xffffffff);
  }

  /** Adds to the minute that `time` (milliseconds since 1970) is in. */
  add(source: string, time: number, counts: Partial<CaptureCounts>, observedMs = 0): void {
    const row = this.#minute(source, Math.floor(time / MINUTE_MS));
    for (const name of Object.keys(this.total) as (keyof CaptureCounts)[]) {
      row[name] += counts[name] ?? 0;
      this.total[name] += counts[name] ?? 0;
    }
    row.observedMs += observedMs;
    this.observedMs += observedMs;
  }

  /** Adds to the tables alone: losses of an earlier batch that was lost itself. The total has them. */
  tellAgain(source: string, time: number, spoolDropped: number): void {
    this.#minute(source, Math.floor(time / MINUTE_MS)).spoolDropped += spoolDropped;
  }

  /** True when a whole minute, or a loss, waits to be written down. */
  isDue(time: number): boolean {
    const now = Math.floor(time / MINUTE_MS);
    return [...this.#minutes.values()].some((row) => row.minute !== now || lost(row) > 0);
  }

  /** The rows since this was last asked, for captureMinutes and coverage, and how many lost frames they tell of. */
  take(): { blocks: [Block, Block]; losses: number } {
    const rows = [...this.#minutes.values()].map((row) => ({ ...row, observedSeconds: this.#wholeSeconds(row) }));
    this.#minutes.clear();
    const losses = rows.reduce((sum, row) => sum + lost(row), 0);
    return { blocks: [captureBlock(rows), this.#coverageBlock(rows)], losses };
  }

  #minute(source: string, minute: number): Minute {
    const key = `${minute} ${source}`;
    const row = this.#minutes.get(key) ?? { minute, source, observedMs: 0, ...noCounts() };
    this.#minutes.set(key, row);
    return row;
  }

  #wholeSeconds({ source, observedMs }: Minute): number {
    const ms = observedMs + (this.#rest.get(source) ?? 0);
    const seconds = Math.floor(ms / 1000);
    this.#rest.set(source, ms - seconds * 1000);
    return seconds;
  }

  /** Several interfaces of a sensor listen side by side: what the longest heard is observed. */
  #coverageBlock(rows: readonly (Minute & { observedSeconds: number })[]): Block {
    const minutes = new Map<number, { seconds: number; lost: number }>();
    for (const row of rows) {
      const sum = minutes.get(row.minute) ?? { seconds: 0, lost: 0 };
      minutes.set(row.minute, { seconds: Math.max(sum.seconds, row.observedSeconds), lost: sum.lost + lost(row) });
    }
    const hours = new Map<number, { seconds: number; lost: number }>();
    for (const [minute, { seconds, lost: packets }] of minutes) {
      const hour = Math.floor(minute / MINUTES);
      const sum = hours.get(hour) ?? { seconds: 0, lost: 0 };
      hours.set(hour, { seconds: sum.seconds + seconds, lost: sum.lost + packets });
    }
    const values = [...hours.values()];
    return {
      table: 'coverage',
      rows: hours.size,
      columns: {
        hour: Uint32Array.from(hours.keys(), (hour) => hour * MINUTES * 60),
        heardMinutes: wide(values.map(() => 0)),
        monitoredAddresses: new Uint32Array(hours.size).fill(this.#addresses),
        observedSeconds: wide(values.map(({ seconds }) => seconds)),
        lostPackets: wide(values.map(({ lost: packets }) => packets)),
      },
    };
  }
}

export function noCounts(): CaptureCounts {
  return { received: 0, kernelDropped: 0, cardDropped: 0, spoolDropped: 0, clockSteps: 0 };
}

function lost({ kernelDropped, cardDropped, spoolDropped }: CaptureCounts): number {
  return kernelDropped + cardDropped + spoolDropped;
}

function captureBlock(rows: readonly (Minute & { observedSeconds: number })[]): Block {
  const sums = (name: keyof CaptureCounts | 'observedSeconds') => wide(rows.map((row) => row[name]));
  return {
    table: 'captureMinutes',
    rows: rows.length,
    columns: {
      minute: Uint32Array.from(rows, ({ minute }) => minute * 60),
      source: rows.map(({ source }) => source),
      observedSeconds: sums('observedSeconds'),
      received: sums('received'),
      kernelDropped: sums('kernelDropped'),
      cardDropped: sums('cardDropped'),
      spoolDropped: sums('spoolDropped'),
      clockSteps: sums('clockSteps'),
    },
  };
}
