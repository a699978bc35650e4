// The command line as a user runs it: the built program in a process of its own, with a data directory of the test's.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../dist/cli/main.js');

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the command; its output is collected. */
export function startCommand(
  args: readonly string[],
  input?: string | Uint8Array,
): { child: ChildProcess; outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, UMBRASCOPE_DATA: '', CLICKHOUSE_URL: '' },
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
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, outcome };
}

export function umbrascope(args: readonly string[], input?: string | Uint8Array): Promise<Outcome> {
  return startCommand(args, input).outcome;
}

/** Runs a command that must succeed and parses what it prints. */
export async function umbrascopeJson<Answer>(args: readonly string[], input?: string | Uint8Array): Promise<Answer> {
  const { code, stdout, stderr } = await umbrascope([...args, '--json'], input);
  if (code !== 0) throw new Error(`umbrascope ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as Answer;
}

const made: string[] = [];
// Here, not where a directory is made: a hook that is registered while a test runs is never called.
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
});

/** A directory that is gone when the test file's tests are over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'umbrascope-test-'));
  made.push(directory);
  return directory;
}
