// Several `ingest --share` over the same captures, killed (-9), or stopped for longer than their lease and let go on, at random moments, and
// now and then their engine killed under them; who was killed is started again. The tables must be those of one undisturbed `ingest`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../../sample-pcaps/random.ts';
import { DAY_DARKNET, telescopeDay } from '../day.ts';
import { enginePid, type Running, startProgram } from './command.ts';
import { directoryContents } from './tables.ts';

export interface SharePlan {
  /** dist/program/main.js */
  program: string;
  processes: number;
  files: number;
  packetsPerFile: number;
  /** Of the processes, stops included. */
  kills: number;
  /** Every so many kills is one of the engine, 0 for none; and every so many a stop. */
  engineEvery: number;
  stopEvery: number;
  /** Between two disturbances, on average. */
  everyMs: number;
  leaseSeconds: number;
  seed: number;
  log: (line: string) => void;
}

export interface ShareResult {
  kills: number;
  stops: number;
  engineKills: number;
  /** Data directories that were ingested into, one after another. */
  rounds: number;
  /** Everything that is not as it should be. */
  faults: string[];
}

interface Case extends SharePlan {
  directory: string;
  captures: string;
  expected: Record<string, string>;
  random: Random;
  result: ShareResult;
}

export async function share(plan: SharePlan): Promise<ShareResult> {
  const directory = mkdtempSync(path.join(tmpdir(), 'umbrascope-share-'));
  const result: ShareResult = { kills: 0, stops: 0, engineKills: 0, rounds: 0, faults: [] };
  try {
    const captures = path.join(directory, 'captures');
    for (let file = 1; file <= plan.files; file++)
      telescopeDay(captures, plan.packetsPerFile, plan.seed * 10_000 + file);
    const undisturbed = path.join(directory, 'undisturbed');
    const alone = startProgram(plan.program, ingestArguments(captures, undisturbed));
    const { code, stderr } = await alone.outcome;
    if (code !== 0) throw new Error(`the undisturbed ingest ended with ${code}: ${stderr}`);
    const expected = await directoryContents(undisturbed);
    plan.log(`undisturbed: ${Object.values(expected).join('; ')}`);
    const random = createRandom(`share ${plan.seed}`);
    const the: Case = { ...plan, directory, captures, expected, random, result };
    while ((result.rounds === 0 || disturbances(result) < plan.kills) && result.faults.length === 0) await round(the);
    return result;
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  }
}

function disturbances({ kills, stops, engineKills }: ShareResult): number {
  return kills + stops + engineKills;
}

/** One data directory from nothing to the end, disturbed as often as fits. */
async function round(the: Case): Promise<void> {
  const { result, expected, everyMs, random, log } = the;
  const data = path.join(the.directory, `round-${result.rounds++}`);
  const started = performance.now();
  const crew = Array.from({ length: the.processes }, () => new Member(the, data));
  const ends = Promise.all(crew.map((member) => member.ended));
  let ended = false;
  ends.finally(() => {
    ended = true;
  });
  while (!ended) {
    await Promise.race([sleep(random.int(0, 2 * everyMs)), ends]);
    if (!ended && disturbances(result) < the.kills) await disturb(the, random.pick(crew), crew, data);
  }
  log(`round ${result.rounds}: ${Math.round((performance.now() - started) / 1000)} s`);
  const contents = await directoryContents(data);
  for (const [table, content] of Object.entries(expected)) {
    if (contents[table] !== content) result.faults.push(`${table}: ${contents[table]}, should be ${content}`);
  }
  rmSync(data, { recursive: true, force: true, maxRetries: 10 });
}

async function disturb(the: Case, member: Member, crew: readonly Member[], data: string): Promise<void> {
  const { result, log } = the;
  const number = disturbances(result) + 1;
  if (the.engineEvery > 0 && number % the.engineEvery === 0) {
    const pid = enginePid(data);
    if (pid === undefined) return;
    for (const one of crew) one.expectsFailure = true;
    process.kill(pid, 'SIGKILL');
    result.engineKills++;
    log(`${number}. engine killed`);
  } else if (the.stopEvery > 0 && number % the.stopEvery === 0) {
    if (!member.signal('SIGSTOP')) return;
    result.stops++;
    log(`${number}. a process stopped for ${1.5 * the.leaseSeconds} s`);
    setTimeout(() => member.signal('SIGCONT'), 1500 * the.leaseSeconds);
  } else if (member.signal('SIGKILL')) {
    result.kills++;
    log(`${number}. a process killed`);
  }
}

/** One that shares, started again until it ends by itself. */
class Member {
  readonly ended: Promise<void>;
  /** Its engine was killed since it was started. */
  expectsFailure = false;
  #running: Running;
  #isOver = false;

  constructor(the: Case, data: string) {
    this.#running = startShare(the, data);
    this.ended = this.#untilEnd(the, data);
  }

  /** @returns false when it has ended */
  signal(signal: NodeJS.Signals): boolean {
    return !this.#isOver && this.#running.child.exitCode === null && this.#running.child.kill(signal);
  }

  async #untilEnd(the: Case, data: string): Promise<void> {
    for (;;) {
      const { code, signal, stdout, stderr } = await this.#running.outcome;
      if (code === 0 && JSON.parse(stdout).balanced === true) break;
      if (signal !== 'SIGKILL' && !this.expectsFailure) {
        the.result.faults.push(`one ended with ${code}: ${stderr}${stdout}`);
        break;
      }
      if (/^ +at /m.test(stderr)) the.result.faults.push(`a stack trace: ${stderr}`);
      this.expectsFailure = false;
      this.#running = startShare(the, data);
    }
    this.#isOver = true;
  }
}

function startShare({ program, captures, leaseSeconds }: Case, data: string): Running {
  return startProgram(program, [...ingestArguments(captures, data), '--share', '--lease', String(leaseSeconds)]);
}

function ingestArguments(captures: string, data: string): string[] {
  return ['ingest', captures, '--darknet', DAY_DARKNET, '--data', data, '--json', '--workers', '1'];
}
