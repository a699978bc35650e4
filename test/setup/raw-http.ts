// Bytes to a server as they are, and what it says before it hangs up: what no HTTP client would send.
import { connect, type Socket } from 'node:net';

/** @param end whether nothing more follows */
export function raw(url: URL, bytes: string, { end = false }: { end?: boolean } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = opened(url, () => (end ? socket.end(bytes, 'latin1') : socket.write(bytes, 'latin1')));
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(said) : reject(error),
    );
    socket.on('close', () => resolve(said));
  });
}

export function opened({ hostname, port }: URL, then: () => void): Socket {
  return connect(Number(port), hostname, then);
}
