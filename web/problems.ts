// Failures as RFC 9457 problems: what was wrong with the request is said, what went wrong inside stays in the log.

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const STORE_SILENT = 'The store could not answer this question; the log of the server says why.';

const PROBLEM_HEADERS = { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' };

function problemText(status: number, detail: string): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail });
}

export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply.code(status).headers(PROBLEM_HEADERS).send(problemText(status, detail));
}

/** Of what is no request of HTTP, or takes too long to become one: there is no reply yet, only the connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  const [status, detail] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'The request took too long to arrive.']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'The head of the request is too large.']
        : [400, 'This is not a request of HTTP/1.1.'];
  const body = problemText(status as number, detail as string);
  const headers = { ...PROBLEM_HEADERS, 'content-length': Buffer.byteLength(body), connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  if (socket.writable)
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status as number]}\r\n${lines.join('')}\r\n${body}`);
  socket.destroy(error);
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
