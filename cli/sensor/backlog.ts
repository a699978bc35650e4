// Frames that the kernel could not even queue for whoever listens: softnet_stat counts them by processor, not by interface, so they are told
// as a sign and never as a sensor's loss.
import { readFileSync } from 'node:fs';

/** Of all processors and interfaces, since the machine started; 0 where the kernel does not say. */
export function backlogDropped(): number {
  try {
    const lines = readFileSync('/proc/net/softnet_stat', 'utf8').trim().split('\n');
    return lines.reduce((sum, line) => sum + Number.parseInt(line.split(' ')[1] ?? '0', 16), 0);
  } catch {
    return 0;
  }
}
