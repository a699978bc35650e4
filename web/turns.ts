// A connection's requests one after another. HTTP/1.1 lets a client send many without waiting for answers, and Node hands them all on as
// they come: one connection would have a hundred questions under way, and go on asking after it was ended.
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Who sends more without waiting for answers is let go; he may ask again for what was not answered (RFC 9112, 9.3.2). */
const MOST_WAITING = 100;

interface Line {
  waiting: number;
  /** Over once the last request that came is answered, or its client has gone. */
  last: Promise<void>;
}

/** Registered before all other hooks, so that a request that waits has cost nothing yet. */
export function useTurns(app: FastifyInstance): void {
  const lines = new WeakMap<Socket, Line>();
  app.addHook('onRequest', async ({ raw: { socket } }, reply) => {
    const line = lines.get(socket) ?? { waiting: 0, last: Promise.resolve() };
    lines.set(socket, line);
    const before = line.last;
    line.last = new Promise((resolve) => reply.raw.once('close', () => resolve()));
    if (++line.waiting > MOST_WAITING) socket.destroy();
    await before;
    line.waiting--;
    // Of a connection that has ended, what still waits is answered to nobody.
    return socket.writable === false ? reply.hijack() : undefined;
  });
}
