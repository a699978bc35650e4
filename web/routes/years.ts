// GET /api/v1/years: what can be asked for: years with data, sensors, groups, schemes.
import type { FastifyInstance } from 'fastify';
import type { Questions } from '../questions.ts';

const schema = {
  summary: 'What can be asked for: years and days with data, sensors, groups, schemes',
  response: {
    200: {
      type: 'object',
      required: ['years', 'sensors', 'groups', 'schemes', 'days', 'may'],
      properties: {
        years: { type: 'array', items: { type: 'integer' } },
        sensors: { type: 'array', items: { type: 'string' } },
        groups: {
          type: 'array',
          description: 'names for several sensors, good wherever a sensor is named',
          items: {
            type: 'object',
            required: ['name', 'sensors'],
            properties: { name: { type: 'string' }, sensors: { type: 'array', items: { type: 'string' } } },
          },
        },
        schemes: { type: 'array', items: { type: 'string' } },
        days: {
          type: ['object', 'null'],
          description: 'first and last day with packets; null before any',
          required: ['first', 'last'],
          properties: { first: { type: 'string' }, last: { type: 'string' } },
        },
        may: {
          type: 'object',
          description: 'what this server lets the page do',
          required: ['annotate', 'seeAddresses'],
          properties: { annotate: { type: 'boolean' }, seeAddresses: { type: 'boolean' } },
        },
      },
    },
  },
};

/** A page served to the public neither writes nor shows addresses. */
export interface May {
  annotate: boolean;
  seeAddresses: boolean;
}

export function yearsRoute(app: FastifyInstance, questions: Questions, may: May): void {
  app.get('/api/v1/years', { schema }, async (_request, reply) => {
    const [years, sensors, groups, days] = await Promise.all([
      questions.years(),
      questions.sensors(),
      questions.groups(),
      questions.days(),
    ]);
    reply.header('cache-control', 'no-cache');
    return { years, sensors, groups, schemes: questions.schemes, days, may };
  });
}
