// GET /api/v1/years: what can be asked for: years with data, sensors, schemes.
import type { FastifyInstance } from 'fastify';
import type { Questions } from '../questions.ts';

const schema = {
  response: {
    200: {
      type: 'object',
      required: ['years', 'sensors', 'schemes'],
      properties: {
        years: { type: 'array', items: { type: 'integer' } },
        sensors: { type: 'array', items: { type: 'string' } },
        schemes: { type: 'array', items: { type: 'string' } },
      },
    },
  },
};

export function yearsRoute(app: FastifyInstance, questions: Questions): void {
  app.get('/api/v1/years', { schema }, async (_request, reply) => {
    const [years, sensors] = await Promise.all([questions.years(), questions.sensors()]);
    reply.header('cache-control', 'no-cache');
    return { years, sensors, schemes: questions.schemes };
  });
}
