// GET /api/v1/account: what became of every frame read, per sensor.
import type { FastifyInstance } from 'fastify';
import type { Questions } from '../questions.ts';

const count = { type: 'integer' };
const moment = { type: ['string', 'null'] };
const sensor = {
  type: 'object',
  required: ['sensor', 'frames', 'counted', 'fates', 'stored', 'dropped'],
  properties: {
    sensor: { type: 'string' },
    frames: count,
    counted: count,
    fates: { type: 'object', additionalProperties: count },
    stored: count,
    dropped: count,
    files: count,
    damagedFiles: count,
    first: moment,
    last: moment,
    bytes: count,
  },
};
const schema = {
  summary: 'What became of every frame, per sensor, over all captures',
  response: {
    200: {
      type: 'object',
      required: ['balanced', 'sensors'],
      properties: { balanced: { type: 'boolean' }, sensors: { type: 'array', items: sensor } },
    },
  },
};

export function accountRoute(app: FastifyInstance, questions: Questions): void {
  app.get('/api/v1/account', { schema }, async (_request, reply) => {
    reply.header('cache-control', 'no-cache');
    return questions.account();
  });
}
