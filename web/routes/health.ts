// GET /healthz: 200 while the store answers, 503 while it does not.
import type { FastifyInstance } from 'fastify';
import type { Questions } from '../questions.ts';

const schema = {
  summary: 'Whether the database answers',
  response: { 200: { type: 'object', properties: { status: { type: 'string' } } } },
};

export function healthRoute(app: FastifyInstance, questions: Questions): void {
  app.get('/healthz', { schema }, async (_request, reply) => {
    await questions.years();
    reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });
}
