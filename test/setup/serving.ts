// `umbrascope serve` in a process of its own, as a user starts it.
import type { ChildProcess } from 'node:child_process';
import type { Outcome } from '../../bench/soak/command.ts';
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

function addressOf(child: ChildProcess): Promise<string> {
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
