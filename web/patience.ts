// How long, and how much of, a client is waited for: who asks slowly, reads slowly or asks for too much at once is let go, so that no
// number of them takes the memory and the descriptors that the others need.
import type { Server } from 'node:http';
import type { FastifyHttpOptions, FastifyInstance } from 'fastify';

export interface Patience {
  /** Until a request, head and body, is there whole. */
  requestMs: number;
  /** For an answer to be read, besides what its size takes. */
  answerMs: number;
  /** Bytes a second that a reader must take at least of a large answer. */
  leastRate: number;
  /** Between two looks at what arrives now. */
  pollMs: number;
}

export const PATIENCE: Patience = { requestMs: 20_000, answerMs: 30_000, leastRate: 20_000, pollMs: 2_000 };

/** A request is a line of questions or a note. */
const MOST_BODY_BYTES = 16_384;
const IDLE_MS = 60_000;
const KEEP_ALIVE_MS = 10_000;
const MOST_CONNECTIONS = 1_000;

export function serverBounds({ requestMs }: Patience): FastifyHttpOptions<Server> {
  return {
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: requestMs,
    connectionTimeout: IDLE_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: {
      headersTimeout: requestMs,
      // Node looks for requests that take too long only so often.
      connectionsCheckingInterval: requestMs / 4,
      // It is refused in our own words (access.ts).
      requireHostHeader: false,
    },
  };
}

export function usePatience(app: FastifyInstance, { answerMs, leastRate }: Patience): void {
  app.server.maxConnections = MOST_CONNECTIONS;
  app.addHook('onSend', async (_request, reply, payload) => {
    // Who has gone meanwhile goes no second time.
    if (reply.raw.destroyed) return;
    const size = typeof payload === 'string' || payload instanceof Uint8Array ? payload.length : 0;
    const timer = setTimeout(() => reply.raw.destroy(), answerMs + (1000 * size) / leastRate);
    reply.raw.once('close', () => clearTimeout(timer));
  });
}
