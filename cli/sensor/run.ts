// The running sensor: what its sources hear goes through the counting threads into batches, and every flush interval onto disk.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Conveyor, startConveyor } from '../../analyzer/conveyor.ts';
import type { Slot } from '../../analyzer/slots.ts';
import type { CaptureContext } from '../../collector/formats/capture.ts';
import { KEEP_SLOTS, type Keeper, startKeeper } from '../../collector/live/keep.ts';
import { RING_SLOTS } from '../../collector/live/ring.ts';
import type { FrameCounts } from '../../store/ledger.ts';
import { addCounts, noFrames } from '../ingest/account.ts';
import { Batches } from './batches.ts';
import { openLiveSpool, type Waiting } from './live-spool.ts';
import type { Log } from './log.ts';
import type { Settled } from './settle.ts';
import { type LiveSource, type SourceHandlers, type SourcePlan, startSource } from './source.ts';
import { Tally } from './tally.ts';

/** A sensor and what it listens to. */
export interface SensorPlan {
  settled: Settled;
  sources: SourcePlan[];
}

export interface LiveConfig {
  plans: readonly SensorPlan[];
  workers: number;
  slotBytes: number;
  flushMs: number;
  spool: string;
  /** Where captures are kept, if they are. */
  keep: { directory: string; mostBytes: number } | undefined;
  /** Begins the names of this process's units and batches. */
  run: string;
  log: Log;
  written(batch: Waiting): void;
}

/** A sensor while it runs. */
export interface LiveSensor {
  plan: SensorPlan;
  tally: Tally;
  batches: Batches;
  counts: FrameCounts;
  /** As the kernel says. */
  received: number;
  sources: LiveSource[];
  /** Its own threads that count: a round's blocks are of one sensor. */
  conveyor: Conveyor;
  keeper: Keeper | undefined;
}

/** At the end, how long the spool is tried while the disk is full. */
const LAST_TRIES_MS = 5_000;
/** A jump of the system clock beyond this is said and counted. */
const CLOCK_STEP_MS = 1000;
const LATELY_MS = 60_000;

export class LiveRun {
  readonly sensors: LiveSensor[] = [];
  readonly started = performance.now();
  /** Settles when a source is at its end or has failed; the others go on until `stop`. */
  readonly ended: Promise<Error | undefined>;
  /** When the last flush was done. */
  flushed = performance.now();
  #config: LiveConfig;
  #counting = new Set<Promise<unknown>>();
  /** Units on their way into kept captures. */
  #keeping = new Set<Promise<unknown>>();
  #units = 0;
  #batchNumber = 0;
  #stopping = new AbortController();
  #flushing: Promise<void> = Promise.resolve();
  #end: (error: Error | undefined) => void = () => {};
  /** All that was lost, at each flush of about the last minute. */
  #losses: { at: number; frames: number }[] = [];
  /** Wall clock less monotonic clock. */
  #clock = Date.now() - performance.now();

  constructor(config: LiveConfig) {
    this.#config = config;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Units that the counting threads have, or that wait for them. */
  get unitsInFlight(): number {
    return this.#counting.size;
  }

  /** Frames lost in about the last minute. */
  get lostLately(): number {
    return this.#lost() - (this.#losses[0]?.frames ?? 0);
  }

  async start(): Promise<void> {
    for (const plan of this.#config.plans) this.sensors.push(await this.#open(plan));
    for (const live of this.sensors) {
      for (const source of live.plan.sources) live.sources.push(startSource(source, this.#handlers(live, source)));
    }
    this.#flushing = this.#flushOn().catch((error: Error) => this.#end(error));
  }

  async #open(plan: SensorPlan): Promise<LiveSensor> {
    const { spool, run, log, written, workers, slotBytes, keep } = this.#config;
    const { analyzer, sensor } = plan.settled;
    const directory = await openLiveSpool(spool, sensor.sensor);
    const keeper = keep && startKeeper({ ...keep, sensor: sensor.sensor });
    const spareSlots = RING_SLOTS * plan.sources.length + (keeper ? KEEP_SLOTS : 0);
    const conveyor = startConveyor([analyzer], workers, slotBytes, spareSlots);
    const tally = new Tally(analyzer.darknet);
    const sequence = () => ++this.#batchNumber;
    const batches = new Batches({ sensor: sensor.sensor, run, directory, conveyor, tally, log, sequence, written });
    const state = { counts: noFrames(), received: 0, sources: [] };
    return { plan, tally, batches, conveyor, keeper, ...state };
  }

  /** Reads every source to its end and writes all of it to the spool. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#flushing;
    await Promise.all(this.sensors.flatMap(({ sources }) => sources.map((source) => source.stop())));
    await Promise.all(this.#counting);
    for (const end = performance.now() + LAST_TRIES_MS; ; await sleep(LAST_TRIES_MS / 10)) {
      for (const { batches } of this.sensors) await batches.flush(Date.now(), true);
      if (performance.now() > end || this.sensors.every(({ batches }) => batches.unwrittenFrames === 0)) break;
    }
    // A unit that waits for a disk which takes nothing would wait for ever.
    if (this.sensors.every(({ batches }) => batches.unwrittenFrames === 0)) await Promise.all(this.#keeping);
    await Promise.all(this.sensors.map(({ conveyor, keeper }) => Promise.all([conveyor.stop(), keeper?.stop()])));
  }

  #handlers(live: LiveSensor, source: SourcePlan): SourceHandlers {
    const { sensor } = live.plan.settled.sensor;
    const fields = { sensor, source: source.name };
    return {
      acquire: () => live.conveyor.acquire(),
      release: (slot) => live.conveyor.release(slot),
      unit: (slot, from, to, context) => this.#take(live, source, slot, { from, to, context }),
      tick: ({ received, dropped, frames, observedMs, cardDropped }) => {
        live.received += received - dropped;
        live.tally.add(source.name, Date.now(), { received: frames, kernelDropped: dropped, cardDropped }, observedMs);
        if (dropped > 0) this.#config.log.warn('frames lost', { ...fields, kernelDropped: dropped }, 'frames-lost');
        if (cardDropped > 0)
          this.#config.log.warn('frames missed by the card', { ...fields, cardDropped }, 'frames-lost');
      },
      state: (state) => {
        if (state === 'up') this.#config.log.info('listening', { ...fields, state });
        else this.#config.log.warn('interface not heard', { ...fields, state }, 'interface-not-heard');
      },
      lost: (kernelDropped) => live.tally.add(source.name, Date.now(), { kernelDropped }),
      ended: (reason) => {
        if (reason) this.#config.log.error('source ended', { ...fields, reason }, 'source-ended');
        this.#end(reason ? new Error(`${source.name}: ${reason}`) : undefined);
      },
    };
  }

  #take(live: LiveSensor, source: SourcePlan, slot: Slot, unit: Stretch): void {
    const { conveyor, plan } = live;
    const { sensor, settings } = plan.settled;
    const number = ++this.#units;
    const counting = conveyor.count(slot, unit.from, unit.to, unit.context);
    const keeping = counting
      .then(async ({ account, round }) => {
        addCounts(live.counts, account);
        if (source.kind === 'stream') {
          live.received += account.frames;
          live.tally.add(source.name, Date.now(), { received: account.frames });
        }
        const { frames, counted, fates, firstHour, lastHour } = account;
        const hours = { firstHour: firstHour ?? 0, lastHour: lastHour ?? 0 };
        const place = { opening: '', path: `live:${source.name}`, start: number, end: number + 1 };
        const counts = { frames, counted, fates, ...hours, rulesVersion: sensor.rulesVersion, settings };
        const name = `${sensor.sensor}/${this.#config.run}/${number}`;
        await live.batches.add({ unit: name, ...place, ...counts }, round);
        if (unit.context.container === 'ring') await this.#keep(live, slot, unit.to, frames, unit.context.linkType);
      })
      .catch((error: Error) => this.#end(error))
      .finally(() => conveyor.release(slot));
    if (live.keeper) follow(this.#keeping, keeping);
    const counted: Promise<unknown> = counting.catch(() => {});
    follow(this.#counting, counted);
  }

  async #keep(
    { keeper, plan }: LiveSensor,
    slot: Slot,
    bytes: number,
    frames: number,
    linkType: number,
  ): Promise<void> {
    const before = keeper?.leftOut;
    await keeper?.keep(slot, bytes, frames, linkType);
    if (keeper?.leftOut === before) return;
    const { sensor } = plan.settled.sensor;
    const reason = keeper?.trouble ?? 'too fast';
    this.#config.log.warn('frames not kept', { sensor, frames: keeper?.leftOut, reason }, 'frames-not-kept');
  }

  #lost(): number {
    return this.sensors.reduce((sum, { tally }) => {
      const { kernelDropped, cardDropped, spoolDropped } = tally.total;
      return sum + kernelDropped + cardDropped + spoolDropped;
    }, 0);
  }

  async #flushOn(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await sleep(this.#config.flushMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      this.#watchClock();
      for (const { tally, plan } of this.sensors) // a ring ticks by itself; a silent stream has a row each minute, too
        for (const { kind, name } of plan.sources) if (kind === 'stream') tally.add(name, Date.now(), {});
      await Promise.all(this.sensors.flatMap(({ sources }) => sources.map((source) => source.flush())));
      await Promise.all(this.#counting);
      for (const { batches } of this.sensors) await batches.flush(Date.now());
      this.flushed = performance.now();
      this.#losses.push({ at: this.flushed, frames: this.#lost() });
      while (this.flushed - (this.#losses[0]?.at ?? 0) > LATELY_MS) this.#losses.shift();
    }
  }

  /** Frames bear the system clock's time: a jump of it is a fact about the data. */
  #watchClock(): void {
    const clock = Date.now() - performance.now();
    const step = Math.round(clock - this.#clock);
    this.#clock = clock;
    if (Math.abs(step) < CLOCK_STEP_MS) return;
    this.#config.log.warn('clock stepped', { milliseconds: step }, 'clock-stepped');
    for (const { tally, sources } of this.sensors) {
      for (const { name } of sources) tally.add(name, Date.now(), { clockSteps: 1 });
    }
  }
}

/** Whole records in a slot. */
interface Stretch {
  from: number;
  to: number;
  context: CaptureContext;
}

function follow(set: Set<Promise<unknown>>, promise: Promise<unknown>): void {
  set.add(promise);
  void promise.finally(() => set.delete(promise));
}
