// `umbrascope serve` in a process of its own, as a user starts it.
import { addressOf, type Outcome } from '../../bench/soak/command.ts';
import { startCommand } from './command.ts';

export interface Served {
  url: string;
  stop(): Promise<Outcome>;
}

/**
 * Serves a data directory on a free port until `stop`.
 * @param wrapper a command that runs the program
 */
export async function serveData(data: string, args: string[] = [], wrapper: string[] = []): Promise<Served> {
  const { child, outcome } = startCommand(['serve', '--data', data, '--port', '0', ...args], undefined, wrapper);
  const url = await addressOf(child);
  return {
    url,
    stop: () => {
      child.kill('SIGTERM');
      return outcome;
    },
  };
}
