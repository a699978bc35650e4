// /api/v1/annotations: the users' own notes in charts over time. The only routes that write; a page served to the public has none to write.
import type { FastifyInstance } from 'fastify';
import type { Places } from '../places.ts';
import { sendProblem } from '../problems.ts';
import type { Questions } from '../questions.ts';
import { checkedDay, day } from './parameters.ts';
import { list, note, object, text } from './shapes.ts';

const DAYS = { from: '1970-01-01', to: '2105-12-31' };

export function annotationRoutes(app: FastifyInstance, questions: Questions, places: Places, mayWrite: boolean): void {
  const found = { 200: { ...object({ notes: list(note) }), description: 'The notes, by day' } };
  const querystring = {
    type: 'object',
    additionalProperties: false,
    properties: { from: day('first day'), to: day('last day') },
  };
  app.get<{ Querystring: { from?: string; to?: string } }>(
    '/api/v1/annotations',
    { schema: { summary: 'Notes that users made, each at a day', querystring, response: found } },
    async ({ query, signal }, reply) => {
      reply.header('cache-control', 'private, no-cache');
      const ask = () => questions.annotations(query.from ?? DAYS.from, query.to ?? DAYS.to);
      return { notes: await places(ask, () => !signal.aborted) };
    },
  );
  if (!mayWrite) return;
  const body = {
    type: 'object',
    additionalProperties: false,
    required: ['day', 'text'],
    properties: { day: day('the day'), text: { type: 'string', minLength: 1, maxLength: 200 } },
  };
  const made = { 201: { ...note, description: 'The note as it was kept' } };
  app.post<{ Body: { day: string; text: string } }>(
    '/api/v1/annotations',
    { schema: { summary: 'Make a note', body, response: made } },
    async ({ body: asked }, reply) => {
      const kept = await questions.annotate({ day: checkedDay(asked.day), text: asked.text.trim() || '–' });
      return reply.code(201).send(kept);
    },
  );
  const params = { type: 'object', required: ['id'], properties: { id: { ...text, pattern: '^[0-9a-f-]{36}$' } } };
  const gone = { 204: { type: 'null', description: 'It is gone' } };
  app.delete<{ Params: { id: string } }>(
    '/api/v1/annotations/:id',
    { schema: { summary: 'Remove a note', params, response: gone } },
    async ({ params: { id } }, reply) => {
      return (await questions.removeAnnotation(id))
        ? reply.code(204).send()
        : sendProblem(reply, 404, 'There is no such note.');
    },
  );
}
