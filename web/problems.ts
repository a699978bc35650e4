// Failures as RFC 9457 problems: what was wrong with the request is said, what went wrong inside stays in the log.

import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const STORE_SILENT = 'The store could not answer this question; the log of the server says why.';

export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail }));
}

export function useProblems(app: FastifyInstance): void {
  app.addHook('preHandler', refuseInfinite);

  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, 404, `There is nothing at ${request.url.split('?')[0]}.`),
  );
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    if (error.name === 'UsageError' || error.validation) return sendProblem(reply, 400, firstLine(error.message));
    const status = error.statusCode ?? 503;
    if (status >= 400 && status < 500) return sendProblem(reply, status, firstLine(error.message));
    request.log.error({ err: error }, 'a question failed');
    return sendProblem(reply, 503, STORE_SILENT);
  });
}

/** The validator takes 1e999 for a number and then compares it with no bound. */
async function refuseInfinite({ query }: FastifyRequest): Promise<void> {
  for (const [name, value] of Object.entries(query as Record<string, unknown>)) {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw Object.assign(new Error(`querystring/${name} must be a finite number`), { statusCode: 400 });
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').slice(0, 300);
}
