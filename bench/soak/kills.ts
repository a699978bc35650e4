// kill -9 at random moments of an ingest, of the command and of its engine in turn; then the same command again, until it ends by
// itself. However often it was killed, the tables must be those of an ingest that nobody disturbed.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../../sample-pcaps/random.ts';
import { dataFiles } from '../../store/engine/files.ts';
import { DAY_DARKNET, telescopeDay } from '../day.ts';
import { enginePid, type Running, startProgram } from './command.ts';
import { directoryContents } from './tables.ts';

export interface KillsPlan {
  /** dist/program/main.js */
  program: string;
  kills: number;
  files: number;
  packetsPerFile: number;
  seed: number;
  log: (line: string) => void;
}

export interface KillsResult {
  kills: number;
  /** Data directories that were ingested into, killed and completed, one after another. */
  rounds: number;
  /** Kills by what the ingest was at. */
  moments: Record<string, number>;
  /** Everything that is not as it should be. */
  faults: string[];
}

/** Kills of one directory come in the first part of a run's time, so that several of them find work left to do. */
const PART = 0.7;

interface Case extends KillsPlan {
  directory: string;
  captures: string;
  expected: Record<string, string>;
  duration: number;
  random: Random;
}

export async function kills(plan: KillsPlan): Promise<KillsResult> {
  const directory = mkdtempSync(path.join(tmpdir(), 'umbrascope-kills-'));
  try {
    const captures = path.join(directory, 'captures');
    for (let file = 1; file <= plan.files; file++) telescopeDay(captures, plan.packetsPerFile, plan.seed * 1000 + file);
    const undisturbed = path.join(directory, 'undisturbed');
    const started = performance.now();
    const { code, stderr } = await startIngest(plan.program, captures, undisturbed).outcome;
    const duration = performance.now() - started;
    if (code !== 0) throw new Error(`the undisturbed ingest ended with ${code}: ${stderr}`);
    const expected = await directoryContents(undisturbed);
    plan.log(`undisturbed: ${Math.round(duration)} ms; ${Object.values(expected).join('; ')}`);
    const random = createRandom(`kills ${plan.seed}`);
    return await allRounds({ ...plan, directory, captures, expected, duration, random });
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function allRounds(the: Case): Promise<KillsResult> {
  const result: KillsResult = { kills: 0, rounds: 0, moments: {}, faults: [] };
  while (result.kills < the.kills && result.faults.length === 0) {
    const data = path.join(the.directory, `round-${result.rounds++}`);
    await killedRound(the, data, result);
    const contents = await directoryContents(data);
    for (const [table, content] of Object.entries(the.expected)) {
      if (contents[table] !== content) result.faults.push(`${table}: ${contents[table]}, should be ${content}`);
    }
    rmSync(data, { recursive: true, force: true, maxRetries: 10 });
  }
  return result;
}

/** Kills runs of one directory until one ends before its moment, or there were enough; then lets one end. */
async function killedRound(the: Case, data: string, result: KillsResult): Promise<void> {
  let moment: string | undefined;
  while (result.kills < the.kills) {
    const running = startIngest(the.program, the.captures, data);
    const after = the.random.uint32() / 2 ** 32;
    await Promise.race([sleep(after * the.duration * PART), running.outcome]);
    const ofEngine = result.kills % 2 === 1;
    const at = momentIn(data);
    const killed = kill(ofEngine ? await engineOf(running, data) : running.child.pid);
    const { code, stdout, stderr } = await running.outcome;
    if (moment) note(result, moment === WORKING && readNothing(stdout) ? 'finalising' : moment);
    moment = undefined;
    if (!killed || code === 0) {
      checkEnd(code, stdout, stderr, result);
      return;
    }
    result.kills++;
    moment = at;
    const said = stderr.trim().split('\n').at(-1);
    the.log(`${result.kills}. ${ofEngine ? 'engine' : 'command'} killed, ${at}; exit ${code} ${said}`);
    if (/^ +at /m.test(stderr)) result.faults.push(`a stack trace: ${stderr}`);
  }
  const { code, stdout, stderr } = await startIngest(the.program, the.captures, data).outcome;
  if (moment) note(result, moment === WORKING && readNothing(stdout) ? 'finalising' : moment);
  checkEnd(code, stdout, stderr, result);
}

function checkEnd(code: number | null, stdout: string, stderr: string, result: KillsResult): void {
  if (code !== 0) result.faults.push(`the last run ended with ${code}: ${stderr}`);
  else if (JSON.parse(stdout).balanced !== true) result.faults.push(`not balanced: ${stdout}`);
}

/** A run that finds every file known was killed, before, when nothing was left but to make the days. */
function readNothing(stdout: string): boolean {
  return stdout !== '' && JSON.parse(stdout).files === 0;
}

function note(result: KillsResult, moment: string): void {
  result.moments[moment] = (result.moments[moment] ?? 0) + 1;
}

const WORKING = 'reading and counting';

/** What the ingest is at, as far as its directory shows. */
function momentIn(data: string): string {
  const { spool } = dataFiles(data);
  const names = (directory: string) => {
    try {
      return readdirSync(directory);
    } catch {
      return [];
    }
  };
  if (!isUp(data)) return 'starting';
  const batches = names(spool);
  if (batches.some((name) => name.endsWith('.unfinished'))) return 'writing the spool';
  return batches.length > 0 ? 'inserting' : WORKING;
}

/** True when there is an engine to be joined; one that was killed leaves its address. */
function isUp(data: string): boolean {
  try {
    const { pid } = JSON.parse(readFileSync(dataFiles(data).address, 'utf8'));
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The engine's process, as soon as there is one; undefined when the command ended before. */
async function engineOf({ child }: Running, data: string): Promise<number | undefined> {
  while (child.exitCode === null) {
    const pid = enginePid(data);
    if (pid !== undefined) return pid;
    await sleep(1);
  }
  return undefined;
}

function kill(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false; // it ended just now
  }
}

function startIngest(program: string, captures: string, data: string) {
  mkdirSync(data, { recursive: true });
  return startProgram(program, ['ingest', captures, '--darknet', DAY_DARKNET, '--data', data, '--json']);
}
