// A large capture ingested while all processes together, the engine included, are kept within a limit of memory.
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY_DARKNET, telescopeDay } from '../day.ts';
import { machineText } from '../machine.ts';
import { enginePid, startProgram } from './command.ts';
import { kernelLimit, treeBytes } from './limit.ts';

export interface LargePlan {
  program: string;
  /** For the capture and the data: as much again as the capture must be free. */
  directory: string;
  gigabytes: number;
  memoryBytes: number;
  /** Further arguments of `ingest`. */
  args: readonly string[];
  log: (line: string) => void;
}

/** Bytes of a packet in the telescope's day, its record header included: the mean. */
const PACKET_BYTES = 79;
const WATCH_MS = 200;
const PROGRESS_MS = 30_000;

/** @returns what is not as it should be */
export async function large(plan: LargePlan): Promise<string[]> {
  if (existsSync(plan.directory)) throw new Error(`${plan.directory} is there already: name a directory to be made`);
  mkdirSync(plan.directory, { recursive: true });
  try {
    const packets = Math.ceil((plan.gigabytes * 1e9) / PACKET_BYTES);
    const capture = telescopeDay(plan.directory, packets);
    plan.log(
      `${machineText()}\n${(statSync(capture).size / 1e9).toFixed(1)} GB, ${packets.toLocaleString('en')} packets`,
    );
    return await limited(plan, capture, packets);
  } finally {
    rmSync(plan.directory, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function limited(plan: LargePlan, capture: string, packets: number): Promise<string[]> {
  const { program, memoryBytes, log } = plan;
  const limit = kernelLimit(memoryBytes);
  const data = path.join(plan.directory, 'data');
  const args = ['ingest', capture, '--darknet', DAY_DARKNET, '--data', data, '--json', ...plan.args];
  const started = performance.now();
  const { child, outcome } = startProgram(program, args, { wrapper: limit?.wrapper });
  const faults: string[] = [];
  let ended = false;
  outcome.then(() => {
    ended = true;
  });
  let peak = 0;
  let told = Date.now();
  while (!ended) {
    const used = limit ? limit.used() : treeBytes(child.pid ?? 0, enginePid(data));
    peak = Math.max(peak, used);
    if (!limit && used > memoryBytes && child.exitCode === null && child.kill())
      faults.push(`${used} bytes were in use`);
    if (Date.now() - told > PROGRESS_MS) {
      told = Date.now();
      log(`${Math.round((performance.now() - started) / 1000)} s, ${Math.round(used / 1e6)} MB in use`);
    }
    await sleep(WATCH_MS);
  }
  const { code, signal, stdout, stderr } = await outcome;
  const seconds = (performance.now() - started) / 1000;
  const most = `at most ${Math.round(peak / 1e6)} of ${Math.round(memoryBytes / 1e6)} MB in use`;
  log(`umbrascope ${args.join(' ')}`);
  log(`${seconds.toFixed(0)} s, ${most}, kept by ${limit?.by ?? 'a watch'}; exit ${signal ?? code}`);
  await limit?.remove();
  if (code !== 0) return [...faults, `it ended with ${signal ?? code}: ${stderr}`];
  const account = JSON.parse(stdout) as {
    frames: number;
    counted: number;
    balanced: boolean;
    packetsPerSecond: number;
  };
  log(stdout.trim());
  if (account.frames !== packets || account.counted !== packets || !account.balanced)
    faults.push('the account is wrong');
  return faults;
}
