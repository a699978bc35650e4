// The embedded engine: found if it runs, started if not, shared by all commands of a user, gone with the last of them.
//
// One lock decides. Who gets it starts the engine, whose process inherits it and holds it to its very end; everybody else tries to join
// until the engine welcomes them (`lifeline.ts`) or the lock is free again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Connection, connect } from '../database.ts';
import { type DataFiles, dataFiles, ENGINE_USER, prepareDataDirectory, readSecret } from './files.ts';
import { tryLock } from './libc.ts';
import { joinEngine } from './lifeline.ts';
import { diskFullText, inDirectory, isDiskFull } from './trouble.ts';

export interface EmbeddedConfig {
  directory: string;
  /** Most memory the engine may use, at least 1 GB. */
  memoryBytes: number;
  /** Of this user alone: others change the database as they like. */
  readOnly?: boolean;
}

/** The engine's cap where there is room for it, and the least with which it works. */
const MOST_MEMORY = 2_000_000_000;
const LEAST_MEMORY = 1_000_000_000;
/** What the processes beside the engine may take (`npm run soak -- large` shows it). */
const OTHERS_MEMORY = 500_000_000;

export function embeddedDefaults(): Omit<EmbeddedConfig, 'directory' | 'readOnly'> {
  return { memoryBytes: engineMemory(Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)) };
}

/** @param allowed memory of the machine or the container for all processes: where it is little the engine gets less */
export function engineMemory(allowed: number): number {
  return Math.max(LEAST_MEMORY, Math.min(MOST_MEMORY, allowed - OTHERS_MEMORY));
}

/** How long an engine may take to come up, its own recovery after a power cut included, or another's to end. */
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 25;
/** Once in some thousand times the library ends while it loads its tables, which are whole (a race between its threads). */
const MOST_STARTS = 3;
/**
 * How the library takes memory (jemalloc's settings): in large pages, and large pieces are kept for the next statement as small ones are.
 * Statements that finalise take hundreds of megabytes each, and to give pages back and take them again is slow.
 */
const MEMORY_SETTINGS = 'thp:always,metadata_thp:auto,oversize_threshold:0,prof:false';
/** A log larger than this is begun anew by the next start. */
const MOST_LOG_BYTES = 1_000_000;

/**
 * Joins the data directory's engine, starting it where none runs.
 * @throws Error when it does not come up, with the end of its log
 */
export async function openEmbedded(config: EmbeddedConfig): Promise<Connection> {
  const files = dataFiles(config.directory);
  prepareDataDirectory(files, config.memoryBytes);
  const deadline = Date.now() + START_TIMEOUT_MS;
  let last: ChildProcess | undefined;
  let failures = 0;
  while (Date.now() < deadline) {
    const connection = await join(files, config.readOnly);
    if (connection) return connection;
    const lock = tryLock(files.engineLock);
    if (lock === undefined) {
      await sleep(POLL_MS);
      continue;
    }
    if (last && (await hasFailed(last))) failures++;
    if (failures === MOST_STARTS) {
      closeSync(lock);
      break;
    }
    last = inDirectory(files.directory, () => start(files, lock));
  }
  if (isDiskFull(files.directory)) throw new Error(diskFullText(files.directory));
  throw new Error(`the database in ${files.directory} did not start: ${lastLine(files.log)} (more in ${files.log})`);
}

/** What the engine said last of why it ended: its errors begin with "Code:" or "std::exception.", Node's with "Error:". */
function lastLine(log: string): string {
  if (!existsSync(log)) return 'another one holds its lock and does not answer';
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /^(Code|Error|\w+Error|std::exception)[:.] /.test(line));
  return lines.at(-1)?.replace(/, Stack trace .*/, '') ?? 'it gave no reason';
}

/** Starts the engine, which takes over the lock, and goes on when this process ends. */
function start(files: DataFiles, lock: number): ChildProcess {
  rmSync(files.address, { force: true }); // an engine that was killed left it
  const log = openSync(files.log, isLarge(files.log) ? 'w' : 'a', 0o600);
  const child = spawn(process.execPath, [fileURLToPath(new URL('./child.js', import.meta.url)), files.directory], {
    stdio: ['ignore', log, log, lock],
    cwd: files.directory,
    env: { ...process.env, JE_MALLOC_CONF: MEMORY_SETTINGS },
    detached: true,
  });
  closeSync(log);
  closeSync(lock);
  child.on('error', () => {}); // it has no process then
  child.unref();
  return child;
}

/** Whether an engine failed whose lock is free: that is a moment before its process is known to have ended. */
async function hasFailed(engine: ChildProcess): Promise<boolean> {
  if (engine.pid !== undefined && engine.exitCode === null && engine.signalCode === null) {
    engine.ref();
    await once(engine, 'exit');
  }
  return engine.exitCode !== 0;
}

function isLarge(log: string): boolean {
  return existsSync(log) && statSync(log).size > MOST_LOG_BYTES;
}

async function join(files: DataFiles, readOnly: boolean | undefined): Promise<Connection | undefined> {
  const address = readAddress(files);
  const welcome = address && (await joinEngine(address.joinPort, readSecret(files)));
  if (!welcome) return undefined;
  const connection = connect({
    url: `http://127.0.0.1:${welcome.httpPort}`,
    user: ENGINE_USER,
    password: readSecret(files),
    place: `the database in ${files.directory}`,
    readOnly,
    readsFiles: true,
  });
  return {
    ...connection,
    close: async () => {
      await connection.close();
      welcome.leave();
    },
  };
}

function readAddress(files: DataFiles): { joinPort: number } | undefined {
  try {
    return JSON.parse(readFileSync(files.address, 'utf8'));
  } catch {
    return undefined;
  }
}
