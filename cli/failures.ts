// How a command ends: 0 when all is well, 1 for failed work, 2 for wrong use. One clear line for a user, never a stack trace.
import { UsageError } from '../store/usage-error.ts';

export const FAILED = 1;
export const WRONG_USE = 2;

/** Runs a command and sets the exit code from how it ends. Node would end well when there is nothing left that could go on. */
export async function run(work: () => Promise<void>): Promise<void> {
  process.once('beforeExit', cutOff);
  try {
    await work();
  } catch (error) {
    process.stderr.write(`umbrascope: ${(error as Error).message}\n`);
    if (process.env.UMBRASCOPE_DEBUG) process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = error instanceof UsageError ? WRONG_USE : FAILED;
  } finally {
    process.off('beforeExit', cutOff);
  }
}

function cutOff(): void {
  process.stderr.write('umbrascope: stopped in the middle, which is a fault of its own: give the same command again\n');
  process.exitCode = FAILED;
}
