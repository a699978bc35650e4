// The command line as a user runs it: the built program in a process of its own, with a data directory of the test's.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { type Outcome, type Running, startProgram } from '../../bench/soak/command.ts';

const program = path.resolve(import.meta.dirname, '../../dist/program/main.js');

/** Starts the command; its output is collected. */
export function startCommand(
  args: readonly string[],
  input?: string | Uint8Array,
  wrapper: readonly string[] = [],
): Running {
  return startProgram(program, args, { input, wrapper });
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
