// Processor time as Linux tells it.
import { readFileSync } from 'node:fs';

/** Linux counts it in hundredths of a second, whatever its clock (`USER_HZ`). */
const TICKS_A_SECOND = 100;

/**
 * User and system time of a process (proc(5)), in seconds, or of one of its threads.
 * @param otherwise what is said of one that has gone
 */
export function processorSeconds(pid: number, otherwise = 0, thread?: string): number {
  const directory = thread === undefined ? `/proc/${pid}` : `/proc/${pid}/task/${thread}`;
  try {
    const fields = readFileSync(`${directory}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return otherwise;
  }
}
