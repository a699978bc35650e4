// Is a sensor well, and if not, why: what /healthz answers.
import type { LinkState } from '../../collector/live/socket.ts';

/** What health is judged by. */
export interface Vitals {
  sources: { source: string; state: LinkState | undefined }[];
  /** Since the last flush was done, and how often there should be one. */
  sinceFlushMs: number;
  flushMs: number;
  spoolBytes: number;
  mostSpoolBytes: number;
  /** Age of the oldest batch; 0 when none waits. */
  spoolAgeMs: number;
  /** Why the database takes nothing; undefined when it does. */
  databaseTrouble: string | undefined;
  /** Why the spool cannot be written; undefined when it can. */
  diskTrouble: string | undefined;
  /** Frames lost in about the last minute. */
  lostLately: number;
}

/** A flush that is late by more than this, beyond twice its interval. */
const LATE_MS = 10_000;
/** A batch older than this waits too long. */
const OLD_MS = 120_000;
const FULL = 0.8;

/** Reasons why it is not well; none when it is. */
export function complaints(vitals: Vitals): string[] {
  const reasons = vitals.sources
    .filter(({ state }) => state !== 'up')
    .map(({ source, state }) => `${source} is not heard: ${state ?? 'not yet'}`);
  if (vitals.sinceFlushMs > 2 * vitals.flushMs + LATE_MS)
    reasons.push(`no flush for ${seconds(vitals.sinceFlushMs)} s (one is due every ${seconds(vitals.flushMs)} s)`);
  if (vitals.databaseTrouble) reasons.push(`the database takes nothing: ${vitals.databaseTrouble}`);
  if (vitals.diskTrouble) reasons.push(`the spool cannot be written: ${vitals.diskTrouble}`);
  if (vitals.spoolAgeMs > OLD_MS) reasons.push(`batches wait for the database since ${seconds(vitals.spoolAgeMs)} s`);
  if (vitals.spoolBytes > FULL * vitals.mostSpoolBytes)
    reasons.push(`the spool is full to ${Math.round((100 * vitals.spoolBytes) / vitals.mostSpoolBytes)} %`);
  if (vitals.lostLately > 0) reasons.push(`${vitals.lostLately} frames were lost in the last minute`);
  return reasons;
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
