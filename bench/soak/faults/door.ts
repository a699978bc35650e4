// A way to the embedded engine of a data directory that misbehaves when told to: `node dist/bench/soak/faults/door.js PORT DIRECTORY`, then
// a mode a line on standard input. The engine behind it is a real one, which may go and come back meanwhile.
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';

/**
 * `open`: answers as the engine does. `hang`: takes connections and never answers, nor does it later. `readonly`: the engine refuses
 * whatever would change it. `closed`: ends all connections and takes none.
 */
export type DoorMode = 'open' | 'hang' | 'readonly' | 'closed';

/** Serves until standard input ends. */
export function serveDoor(port: number, directory: string): void {
  let mode: DoorMode = 'open';
  const server = createServer((from, to) => {
    if (mode === 'hang') return;
    if (mode === 'closed') {
      from.socket.destroy();
      return;
    }
    const address = engineOf(directory);
    const url = new URL(from.url ?? '/', 'http://engine');
    if (mode === 'readonly') url.searchParams.set('readonly', '1');
    const { method, headers } = from;
    const options = { host: '127.0.0.1', port: address, path: `${url.pathname}${url.search}`, method, headers };
    const onward = request(options, (answer) => {
      to.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(to);
    });
    onward.on('error', () => from.socket.destroy()); // nobody listens behind the door: as if nobody did at it
    from.pipe(onward);
  });
  server.requestTimeout = 0; // what hangs, hangs
  server.listen(port, '127.0.0.1', () => console.log('listening'));
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      mode = line as DoorMode;
      if (mode === 'closed') server.closeAllConnections();
      console.log(mode);
    })
    .on('close', () => process.exit());
}

/** The port of the engine that runs there now; 1, where nobody listens, before there is any. */
function engineOf(directory: string): number {
  try {
    const { httpPort } = JSON.parse(readFileSync(path.join(directory, 'engine.json'), 'utf8')) as { httpPort: number };
    return httpPort;
  } catch {
    return 1;
  }
}

if (process.argv[1]?.endsWith('door.js')) serveDoor(Number(process.argv[2]), process.argv[3] ?? '');
