// A sensor from its start to its end, in the order that keeps it safe: sockets with rights, then none; then spool, database, threads.
import { closeSync } from 'node:fs';
import type { Server } from 'node:http';
import { RING_SLOT_BYTES } from '../../collector/live/protocol.ts';
import { SLOT_BYTES } from '../../collector/units.ts';
import type { Connection } from '../../store/database.ts';
import { type DataFiles, dataFiles, prepareSpool } from '../../store/engine/files.ts';
import { tryLock } from '../../store/engine/libc.ts';
import { finaliseSensor } from '../../store/finalise/finalise.ts';
import { storedCounts } from '../../store/questions/stored.ts';
import { openStore } from '../../store/store.ts';
import { UsageError } from '../../store/usage-error.ts';
import { FAILED } from '../failures.ts';
import { isBalanced, type SensorAccount } from './account.ts';
import { type Running, serveEndpoints } from './endpoints.ts';
import { leftoverWaiting, newRun } from './live-spool.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { openSources } from './open.ts';
import type { SensorOptions } from './options.ts';
import { LiveRun, type LiveSensor } from './run.ts';
import { Sender } from './sender.ts';
import { type Settled, settleSensor, writeSettled } from './settle.ts';
import type { SourcePlan } from './source.ts';

/** How long a stopping sensor waits for the database to take what is in the spool. */
const STOP_PATIENCE_MS = 60_000;
/** A second signal after this ends the process at once. */
const SAME_SIGNAL_MS = 1000;

/**
 * Runs until SIGINT or SIGTERM, or the end of a source; returns the account of each sensor.
 * @throws UsageError for wrong use, Error when a source fails
 */
export async function sense(options: SensorOptions): Promise<SensorAccount[]> {
  const log = createLog(options.logLevel);
  const stopped = stopSignal();
  const sources = await openSources(options, log);
  const files = dataFiles(options.data);
  prepareSpool(files);
  const lock = tryLock(files.sensorLock);
  if (lock === undefined) throw new Error(`another sensor runs in ${files.directory}: give this one its own --data`);
  let running: Running | undefined;
  const metrics = createMetrics(() => running);
  const endpoints = await openEndpoints(options, metrics, () => running, log);
  try {
    const db = await openOrSpool(options, log);
    const settled: Settled[] = [];
    for (const sensor of options.sensors) settled.push(await settleSensor(db, sensor, files.sensorSettings));
    if (db) await writeSettled(db, settled, files.sensorSettings);
    const days = new Map<Settled, number>();
    const finalise = async (connection: Connection, one: Settled) => {
      days.set(one, (days.get(one) ?? 0) + (await finaliseSensor(connection, one.sensor)));
    };
    const sender = new Sender(
      {
        open: () => reopen(options, settled, files),
        mostBytes: options.spoolSize,
        idleEveryMs: options.finalise,
        idleWork: async (connection) => {
          for (const one of settled) await finalise(connection, one);
        },
        log,
        inserted: metrics.inserted,
      },
      await leftoverWaiting(files.sensorSpool),
      db,
    );
    const live = new LiveRun({
      plans: settled.map((one, i) => ({ settled: one, sources: sources[i] as SourcePlan[] })),
      workers: options.workers,
      slotBytes: sources.flat().some(({ kind }) => kind === 'stream') ? SLOT_BYTES : RING_SLOT_BYTES,
      flushMs: options.flush,
      spool: files.sensorSpool,
      keep: options.keep ? { directory: options.keep, mostBytes: options.keepSize } : undefined,
      run: newRun(),
      log,
      written: (batch) => sender.add(batch),
    });
    sender.start();
    await live.start();
    log.info('ready', { sensors: settled.map(({ sensor }) => sensor.sensor) });
    running = { live, sender, flushMs: options.flush, mostSpoolBytes: options.spoolSize };
    const failure = await Promise.race([stopped, live.ended]);
    await live.stop();
    await sender.stop(STOP_PATIENCE_MS);
    const seconds = (performance.now() - live.started) / 1000;
    const accounts: SensorAccount[] = [];
    for (const sensor of live.sensors) accounts.push(await finish(sensor, sender, seconds, days, finalise, log));
    await sender.close();
    if (failure) throw failure;
    return accounts;
  } finally {
    endpoints?.close();
    closeSync(lock);
  }
}

/** Another program may have the port: a sensor without metrics is better than none. */
async function openEndpoints(
  { metrics: address }: SensorOptions,
  metrics: Metrics,
  state: () => Running | undefined,
  log: Log,
): Promise<Server | undefined> {
  if (address === false) return undefined;
  try {
    return await serveEndpoints(address, metrics, state);
  } catch (error) {
    log.warn('metrics not served', { address, reason: (error as Error).message }, 'metrics-not-served');
    return undefined;
  }
}

/** The database, or undefined while it is away: what is heard then waits in the spool. */
async function openOrSpool({ data, clickhouse }: SensorOptions, log: Log): Promise<Connection | undefined> {
  try {
    return await openStore({ directory: data, url: clickhouse });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    log.error('database away', { reason: (error as Error).message, batches: 0 }, 'database-away');
    return undefined;
  }
}

async function reopen(
  { data, clickhouse }: SensorOptions,
  settled: readonly Settled[],
  files: DataFiles,
): Promise<Connection> {
  const db = await openStore({ directory: data, url: clickhouse });
  try {
    await writeSettled(db, settled, files.sensorSettings);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** The account, after the last days were made; the tables are asked where they can be. */
async function finish(
  { plan, counts, tally, batches, received, keeper }: LiveSensor,
  sender: Sender,
  seconds: number,
  days: ReadonlyMap<Settled, number>,
  finalise: (db: Connection, settled: Settled) => Promise<void>,
  log: Log,
): Promise<SensorAccount> {
  const { sensor } = plan.settled.sensor;
  const { db, state } = { db: sender.db, state: sender.state };
  let stored: boolean | undefined;
  if (db && state.batches === 0) {
    try {
      await finalise(db, plan.settled);
      const held = await storedCounts(db, sensor);
      const sums = [held.countedOfUnits, held.flows, held.minutes, held.dark];
      stored = held.framesOfUnits === held.frames && sums.every((packets) => packets === held.counted);
    } catch (error) {
      log.error('database away', { reason: (error as Error).message, batches: 0 }, 'database-away');
    }
  }
  const account = {
    sensor,
    sources: plan.sources.map(({ name }) => name),
    ...counts,
    kernelDropped: tally.total.kernelDropped,
    cardDropped: tally.total.cardDropped,
    spoolDropped: tally.total.spoolDropped + batches.unwrittenFrames,
    spooled: state.frames,
    received,
    seconds,
    observedSeconds: tally.observedMs / 1000,
    ...(keeper ? { notKept: keeper.leftOut } : {}),
    days: days.get(plan.settled) ?? 0,
    stored,
  };
  return { ...account, balanced: isBalanced(account) };
}

/** The first signal stops in good order. One that comes right behind it is the same wish, sent twice (by a shell, by `timeout`). */
function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let first = 0;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (first > 0 && performance.now() - first > SAME_SIGNAL_MS) process.exit(FAILED);
        first ||= performance.now();
        resolve(undefined);
      });
    }
  });
}
