// How an operator ends a sensor: SIGTERM or SIGINT, once.
import { FAILED } from '../failures.ts';

/** A second signal after this ends the process at once. */
const SAME_SIGNAL_MS = 1000;

/**
 * Settles with the first signal. One that comes right behind it is the same wish, sent twice (by a shell, by `timeout`); a later one is
 * impatience.
 */
export function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let first = 0;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (first > 0 && performance.now() - first > SAME_SIGNAL_MS) process.exit(FAILED);
        first ||= performance.now();
        resolve(undefined);
      });
    }
  });
}
