// A sensor from its start to its end, in the order that keeps it safe: sockets with rights, then none; then spool, threads, and the
// database as soon as it answers.
import { closeSync } from 'node:fs';
import { RING_SLOT_BYTES } from '../../collector/live/protocol.ts';
import { SLOT_BYTES } from '../../collector/units.ts';
import { type DataFiles, dataFiles, prepareSpool } from '../../store/engine/files.ts';
import { tryLock } from '../../store/engine/libc.ts';
import type { SensorAccount } from './account.ts';
import { type Contact, makeContact, putRefusedAside } from './contact.ts';
import { Days } from './days.ts';
import { openEndpoints, type Running } from './endpoints.ts';
import { finish } from './finish.ts';
import { leftoverWaiting, newRun } from './live-spool.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { openSources } from './open.ts';
import type { SensorOptions } from './options.ts';
import { type LiveConfig, LiveRun } from './run.ts';
import { Sender, type SenderConfig } from './sender.ts';
import type { Settled } from './settle.ts';
import type { SourcePlan } from './source.ts';
import { stopSignal } from './stop-signal.ts';

/** How long a stopping sensor waits for the database to take what is in the spool. */
const STOP_PATIENCE_MS = 60_000;

export interface Sensed {
  /** Of each sensor. */
  accounts: SensorAccount[];
  /** Why it ended, where that is a fault. */
  failure: Error | undefined;
}

/**
 * Runs until SIGINT or SIGTERM, or the end of a source.
 * @throws UsageError for wrong use
 */
export async function sense(options: SensorOptions): Promise<Sensed> {
  const log = createLog(options.logLevel);
  const stopped = stopSignal();
  const sources = await openSources(options, log);
  const files = dataFiles(options.data);
  prepareSpool(files);
  const lock = tryLock(files.sensorLock);
  if (lock === undefined) throw new Error(`another sensor runs in ${files.directory}: give this one its own --data`);
  let running: Running | undefined;
  const metrics = createMetrics(() => running);
  const endpoints = await openEndpoints(options.metrics, metrics, () => running, log);
  try {
    const contact = await makeContact(options, files, log);
    const { settled } = contact;
    const days = new Days(settled);
    const config = { ...senderConfig(options, contact, days), log, inserted: metrics.inserted };
    const sender = new Sender(config, await leftoverWaiting(files.sensorSpool), contact.db);
    const written = sender.add.bind(sender);
    const run = newRun();
    const live = new LiveRun({ ...liveConfig(options, files, settled, sources, log), run, written });
    sender.start();
    await live.start();
    running = { live, sender, flushMs: options.flush, mostSpoolBytes: options.spoolSize };
    log.info('ready', { sensors: settled.map(({ sensor }) => sensor.sensor) });
    const failure = await Promise.race([stopped, live.ended, contact.refused]);
    await live.stop();
    log.info('all is spooled', { batches: sender.state.batches });
    await Promise.race([sender.stop(STOP_PATIENCE_MS), contact.refused.then(() => sender.stop(0))]);
    if (contact.refusal) await putRefusedAside(live, sender, contact, run, log);
    const accounts = await finish(live, sender, days, log);
    await sender.close();
    return { accounts, failure: failure ?? contact.refusal };
  } finally {
    endpoints?.close();
    closeSync(lock);
  }
}

function senderConfig(options: SensorOptions, { open }: Contact, days: Days): Omit<SenderConfig, 'log'> {
  return {
    open,
    mostBytes: options.spoolSize,
    idleEveryMs: options.finalise,
    idleWork: (db) => days.finalise(db),
  };
}

function liveConfig(
  options: SensorOptions,
  { sensorSpool }: DataFiles,
  settled: readonly Settled[],
  sources: readonly SourcePlan[][],
  log: Log,
): Omit<LiveConfig, 'run' | 'written'> {
  const { workers, flush, keep, keepSize } = options;
  return {
    plans: settled.map((one, i) => ({ settled: one, sources: sources[i] as SourcePlan[] })),
    workers,
    slotBytes: sources.flat().some(({ kind }) => kind === 'stream') ? SLOT_BYTES : RING_SLOT_BYTES,
    flushMs: flush,
    spool: sensorSpool,
    keep: keep ? { directory: keep, mostBytes: keepSize } : undefined,
    log,
  };
}
