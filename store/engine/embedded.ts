// The embedded engine: found if it runs, started if not, shared by all commands of a user, gone with the last of them.
//
// The lifeline is a named pipe. The engine's last statement reads it; every user holds it open for writing. The kernel closes a user's
// end however the user ends, so when the last is gone the engine reads the end of the file and stops: no counting, no stale locks.
// Two commands that start one at the same time: ClickHouse itself locks its directory, the loser's engine ends and it joins the winner's.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Connection, connect } from '../database.ts';
import { type DataFiles, dataFiles, ENGINE_USER, prepareDataDirectory, readSecret, writeWhole } from './files.ts';

export interface EmbeddedConfig {
  directory: string;
  /** Most memory the engine may use, at least 1 GB. */
  memoryBytes: number;
}

export function embeddedDefaults(): Omit<EmbeddedConfig, 'directory'> {
  return { memoryBytes: 2_000_000_000 };
}

/** How long an engine may take to come up, its own recovery after a power cut included. */
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 25;
/** A log larger than this is begun anew by the next start. */
const MOST_LOG_BYTES = 1_000_000;
/** Starts tried before giving up: one that loses against another command's ends, and that is no failure. */
const MOST_STARTS = 3;

/**
 * Joins the data directory's engine, starting it where none runs.
 * @throws Error when it does not come up, with the end of its log
 */
export async function openEmbedded(config: EmbeddedConfig): Promise<Connection> {
  const files = dataFiles(config.directory);
  prepareDataDirectory(files, config.memoryBytes);
  if (!existsSync(files.lifeline)) makeLifeline(files);
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (let starts = 0; Date.now() < deadline && starts < MOST_STARTS; ) {
    const writer = openWriter(files.lifeline);
    if (writer === undefined) starts++;
    const user = writer === undefined ? await start(files) : { writer, exited: () => true };
    const connection = await join(files, user, deadline);
    if (connection) return connection;
    closeSync(user.writer);
  }
  throw new Error(`the database in ${files.directory} did not start: ${lastLine(files.log)} (more in ${files.log})`);
}

/** What the engine said last of why it ended: its errors begin with "Code:", Node's with "Error:". */
function lastLine(log: string): string {
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /^(Code|Error|\w+Error): /.test(line));
  return lines.at(-1) ?? 'it gave no reason';
}

function makeLifeline(files: DataFiles): void {
  try {
    execFileSync('mkfifo', ['-m', '600', files.lifeline], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    if (existsSync(files.lifeline)) return; // another command made it in the same moment
    throw new Error(`cannot make a named pipe at ${files.lifeline}: ${(error as Error).message}`);
  }
}

/** Our end of the lifeline; undefined when no engine holds the other. */
function openWriter(lifeline: string): number | undefined {
  try {
    return openSync(lifeline, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return undefined;
    throw error;
  }
}

interface EngineUser {
  writer: number;
  /** True once an engine of our own has ended; always when we joined another's: then only the lifeline tells. */
  exited: () => boolean;
}

async function start(files: DataFiles): Promise<EngineUser> {
  // A reader that does not wait lets our writer open; the writer lets the engine's own reader open.
  const first = openSync(files.lifeline, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(files.lifeline, constants.O_WRONLY);
  const reader = openSync(files.lifeline, constants.O_RDONLY);
  closeSync(first);
  const log = openSync(files.log, isLarge(files.log) ? 'w' : 'a', 0o600);
  const portFile = `${files.address}.${process.pid}.port`;
  rmSync(portFile, { force: true });
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./child.js', import.meta.url)), JSON.stringify(engineArguments(files, portFile))],
    {
      stdio: [reader, log, log],
      cwd: files.directory,
      detached: true,
    },
  );
  closeSync(reader);
  closeSync(log);
  child.unref();
  let exited = false;
  child.once('exit', () => {
    exited = true;
  });
  child.once('error', () => {
    exited = true;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!exited && Date.now() < deadline) {
    const port = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
    if (port > 0) {
      writeWhole(files.address, JSON.stringify({ port, pid: child.pid }));
      break;
    }
    await sleep(POLL_MS);
  }
  rmSync(portFile, { force: true });
  return { writer, exited: () => exited };
}

function isLarge(log: string): boolean {
  return existsSync(log) && statSync(log).size > MOST_LOG_BYTES;
}

function engineArguments(files: DataFiles, portFile: string): string[] {
  const literal = portFile.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return [
    `--path=${files.engine}`,
    `--config-file=${files.config}`,
    '--listen_host=127.0.0.1',
    '--http_port=0',
    '--logger.console=1',
    '--log-level=error',
    '--query',
    [
      'SYSTEM START LISTEN HTTP',
      `SELECT getServerPort('http_port') INTO OUTFILE '${literal}' TRUNCATE FORMAT TSV`,
      `SELECT count() FROM file('-', 'LineAsString', 'line String') FORMAT Null`,
    ].join('; '),
  ];
}

/** Connects to the engine that `engine.json` names, once it really serves this directory; undefined when it has gone. */
async function join(files: DataFiles, user: EngineUser, deadline: number): Promise<Connection | undefined> {
  // Another command may be starting one: its address appears within the time a start takes.
  const patience = Math.min(deadline, Date.now() + START_TIMEOUT_MS / 4);
  while (Date.now() < patience) {
    const address = readAddress(files);
    if (address) {
      const connection = connect({
        url: `http://127.0.0.1:${address.port}`,
        user: ENGINE_USER,
        password: readSecret(files),
      });
      if (await serves(connection)) return { ...connection, close: () => leave(connection, user) };
      await connection.close();
    }
    if (user.exited() && openWriterIsGone(files)) return undefined;
    await sleep(POLL_MS);
  }
  return undefined;
}

async function leave(connection: Connection, user: EngineUser): Promise<void> {
  await connection.close();
  closeSync(user.writer);
}

function openWriterIsGone(files: DataFiles): boolean {
  const writer = openWriter(files.lifeline);
  if (writer === undefined) return true;
  closeSync(writer);
  return false;
}

/** Twice, a moment apart: an engine whose last user has just gone still answers for a few milliseconds. */
async function serves(connection: Connection): Promise<boolean> {
  for (let time = 0; time < 2; time++) {
    if (time > 0) await sleep(POLL_MS);
    const waiting = await connection
      .query<{ waiting: number }>('SELECT count() AS waiting FROM system.processes WHERE user != currentUser()')
      .catch(() => []);
    if (waiting[0]?.waiting !== 1) return false;
  }
  return true;
}

function readAddress(files: DataFiles): { port: number } | undefined {
  try {
    return JSON.parse(readFileSync(files.address, 'utf8'));
  } catch {
    return undefined;
  }
}
