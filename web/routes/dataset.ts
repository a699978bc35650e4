// A question that the API answers: its schema, JSON or CSV as asked for, and an ETag made from the state of the data, so that who
// asks again for what has not changed is told so without the database being asked.
import { createHash } from 'node:crypto';
import { csvFormat } from 'd3-dsv';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Questions } from '../questions.ts';
import type { AnswerCache, KeptAnswer } from './answer-cache.ts';
import { notModified } from './validators.ts';

export type Format = 'json' | 'csv' | 'svg';
export type Schema = Record<string, unknown>;

export interface Csv {
  columns: string[];
  rows: Record<string, unknown>[];
}

export interface Dataset<Query, Answer> {
  url: string;
  /** The question in one sentence, for the OpenAPI document. */
  summary: string;
  querystring: Schema;
  response: Schema;
  ask: (query: Query) => Promise<Answer>;
  csv?: (answer: Answer) => Csv | string;
  svg?: (answer: Answer, query: Query) => string;
  /** Name of a downloaded file, without its ending. */
  file?: (answer: Answer) => string;
  /** The last day that the query asks about, where it names it. */
  lastDay?: (query: Query) => string | undefined;
}

export const TYPES: Record<Format, string> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};

export function datasetRoute<Query, Answer>(
  app: FastifyInstance,
  questions: Questions,
  cache: AnswerCache,
  dataset: Dataset<Query, Answer>,
): void {
  const offered = (['json', 'csv', 'svg'] as const).filter((format) => format === 'json' || dataset[format]);
  const content = Object.fromEntries(
    offered.map((format) => {
      const type = TYPES[format].split(';')[0] as string;
      return [type, { schema: format === 'json' ? dataset.response : { type: 'string' } }];
    }),
  );
  const schema = {
    summary: dataset.summary,
    querystring: dataset.querystring,
    response: { 200: { description: dataset.summary, content } },
  };
  app.get(dataset.url, { schema, serializerCompiler: () => String }, async (request, reply) => {
    const query = request.query as Query & { format?: Format };
    const format = query.format ?? preferred(request.headers.accept, offered);
    const tag = tagOf(request, format, await questions.dataVersion());
    reply.headers({ etag: tag, vary: 'accept', 'cache-control': caching(dataset.lastDay?.(query)) });
    if (notModified(request, tag)) return (reply as FastifyReply).code(304).send();
    const made = await cache.get(tag, request.signal, async () => {
      const answer = await dataset.ask(query);
      return { body: bodyOf(dataset, answer, query, format), name: dataset.file?.(answer) };
    });
    return sendBody(reply, format, made);
  });
}

/** Late captures may still change a day that is over; who keeps an answer is behind by five minutes at most. */
const KEPT = 'private, max-age=300';
/** The day has ended in every time zone, and the sensors have sent what they had of it. */
const CLOSED_MS = 3 * 86_400_000;

function caching(lastDay: string | undefined): string {
  const isClosed = lastDay !== undefined && Date.now() - Date.parse(lastDay) > CLOSED_MS;
  return isClosed ? KEPT : 'private, no-cache';
}

function sendBody(reply: FastifyReply, format: Format, { body, name }: KeptAnswer) {
  if (format !== 'json')
    reply.header('content-disposition', `attachment; filename="${name ?? 'umbrascope'}.${format}"`);
  return reply.type(TYPES[format]).send(body);
}

function bodyOf<Query, Answer>(dataset: Dataset<Query, Answer>, answer: Answer, query: Query, format: Format): string {
  if (format === 'svg' && dataset.svg) return dataset.svg(answer, query);
  if (format === 'csv' && dataset.csv) {
    const csv = dataset.csv(answer);
    return typeof csv === 'string' ? csv : csvText(csv);
  }
  return JSON.stringify(answer);
}

export function csvText({ rows, columns }: Csv): string {
  return `${csvFormat(rows, columns)}\n`;
}

function tagOf(request: FastifyRequest, format: Format, version: string): string {
  const hash = createHash('sha256').update(`${request.url}\n${format}\n${version}`).digest('base64url');
  return `"${hash.slice(0, 27)}"`;
}

/** The first type of the Accept header that is on offer. */
export function preferred(accept = '', offered: readonly Format[]): Format {
  for (const type of accept.split(',').map((part) => part.split(';')[0]?.trim())) {
    if (type === '*/*') return 'json';
    const format = offered.find((each) => TYPES[each].startsWith(`${type};`));
    if (format) return format;
  }
  return 'json';
}
