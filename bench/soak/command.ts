// The built program as a child process, for tests and soaks: what it printed, how it ended, and the processes it started.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  outcome: Promise<Outcome>;
}

/**
 * @param input what it gets on standard input
 * @param wrapper a command that runs the program, such as one that limits it
 */
export function startProgram(
  program: string,
  args: readonly string[],
  { input, wrapper = [] }: { input?: string | Uint8Array | undefined; wrapper?: readonly string[] | undefined } = {},
): Running {
  const [command = program, ...rest] = [...wrapper, program, ...args];
  const child = spawn(command, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PATH: withOurNode(), UMBRASCOPE_DATA: '', CLICKHOUSE_URL: '' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdin.on('error', () => {}); // the command may end without reading it
  child.stdin.end(input);
  const outcome = new Promise<Outcome>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, outcome };
}

/** The program file names what runs it, as it is found: that is to be the Node that runs this. */
function withOurNode(): string {
  return [path.dirname(process.execPath), process.env.PATH].join(path.delimiter);
}

/** Where `umbrascope serve` says that it is. */
export function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (text) => {
      printed += text;
      const [address] = /http:\/\/\S+/.exec(printed) ?? [];
      if (address) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${printed}`)));
  });
}

/** The process of the engine in a data directory, from the moment it was started; Linux only. */
export function enginePid(data: string): number | undefined {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      if (words.some((word) => word.endsWith('/engine/child.js')) && words.includes(data)) return Number(name);
    } catch {
      // it has just ended
    }
  }
  return undefined;
}
