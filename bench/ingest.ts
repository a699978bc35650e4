// A run of the built `umbrascope ingest` into a new data directory: how long it took, and that it counted every packet.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startProgram } from './soak/command.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../program/main.js');

export interface IngestPlan {
  /** A capture, or a directory of captures. */
  capture: string;
  darknet: string;
  /** That are in it: other than these counted is a failure. */
  packets: number;
  /** Further arguments of `ingest`. */
  args?: readonly string[];
  /** Called when the process has been started. */
  started?(pid: number, data: string): void;
}

export interface Ingested {
  /** Seconds from the start of the command to its exit, days finalised. */
  whole: number;
  /** Seconds from the start of the command's reading to its last committed row: what it says of itself, without finalising. */
  committed: number;
}

/**
 * @param look at the database, which is deleted afterwards
 * @throws Error when it fails or counts wrongly
 */
export async function ingest(plan: IngestPlan, look?: (data: string) => Promise<void>): Promise<Ingested> {
  const data = mkdtempSync(path.join(tmpdir(), 'umbrascope-bench-'));
  try {
    const args = ['ingest', '--data', data, '--json', plan.capture, '--darknet', plan.darknet, ...(plan.args ?? [])];
    const started = performance.now();
    const { child, outcome } = startProgram(PROGRAM, args);
    plan.started?.(child.pid ?? 0, data);
    const { code, stdout, stderr } = await outcome;
    const whole = (performance.now() - started) / 1000;
    if (code !== 0) throw new Error(`ingest of ${plan.capture} failed: ${stderr}`);
    const account = JSON.parse(stdout) as { counted: number; balanced: boolean; seconds: number };
    if (account.counted !== plan.packets || !account.balanced)
      throw new Error(`ingest of ${plan.capture} counted ${account.counted} packets instead of ${plan.packets}`);
    await look?.(data);
    return { whole, committed: account.seconds };
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 10 });
  }
}

export const WHOLE = 'umbrascope ingest';

/** The whole command, and what of the same run it took to committed rows: the second must follow the first. */
export function ingestContestants(plan: IngestPlan, name = WHOLE, work = plan.packets) {
  let last: Ingested | undefined;
  return [
    {
      name,
      work,
      once: async () => {
        last = await ingest(plan);
        return last.whole;
      },
    },
    { name: '… to committed rows', work, once: async () => last?.committed },
  ];
}
