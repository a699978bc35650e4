// GET /api/v1/live: what arrives now, as JSON, or its hour as CSV. GET /api/v1/live/stream: the same as server-sent events, whenever it has
// changed. All listeners share one question to the database.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { sendProblem } from '../problems.ts';
import type { Questions } from '../questions.ts';
import type { LiveReport } from '../report/shape-range.ts';
import { csvText, type Format, preferred, TYPES } from './dataset.ts';
import { choice, parameters } from './parameters.ts';
import { count, list, nullable, number, object, text } from './shapes.ts';
import { trendCsv, trendShape } from './trend.ts';

/** Comments that keep proxies from hanging up, and show which listeners have gone. */
const HEARTBEAT_MS = 15_000;
const MOST_LISTENERS = 200;
/** A listener that does not read is let go. */
const MOST_WAITING_BYTES = 1_000_000;

const shape = object({
  trend: trendShape,
  stale: { type: 'boolean' },
  packetsPerSecond: number,
  rates: list(object({ category: text, packetsPerSecond: number })),
  sensors: list(
    object({
      sensor: text,
      state: choice(
        ['files', 'late', 'deaf', 'losing', 'well'],
        'of a live sensor; `files` of one that reads captures',
      ),
      ...{ lastMinute: nullable(text), packetsOfHour: count, monitoredAddresses: nullable(count) },
      reported: nullable(
        object({
          ...{ until: text, interfaces: list(text), received: count },
          ...{ kernelDropped: count, cardDropped: count, spoolDropped: count, clockSteps: count },
        }),
      ),
    }),
  ),
});

export function liveRoutes(app: FastifyInstance, questions: Questions, pollMs: number): void {
  const description = 'The last hour by minutes, and each sensor’s last packet, losses and state';
  const content = { 'application/json': { schema: shape }, 'text/csv': { schema: text } };
  const told = {
    summary: 'What arrives now',
    querystring: parameters({}),
    response: { 200: { description, content } },
  };
  const options = { schema: told, serializerCompiler: () => String };
  app.get<{ Querystring: { format?: Format } }>('/api/v1/live', options, async ({ query, headers }, reply) => {
    const report = await questions.live();
    const format = query.format ?? preferred(headers.accept, ['json', 'csv']);
    reply.headers({ vary: 'accept', 'cache-control': 'no-store' }).type(TYPES[format]);
    if (format !== 'csv') return JSON.stringify(report);
    reply.header('content-disposition', 'attachment; filename="umbrascope-live.csv"');
    return csvText(trendCsv(report.trend));
  });
  const stream = createStream(() => questions.live(), pollMs);
  app.addHook('preClose', async () => stream.end());
  const schema = {
    summary: 'What arrives now, as server-sent events',
    response: { 200: { description: 'One event for each change', content: { 'text/event-stream': { schema: text } } } },
  };
  app.get('/api/v1/live/stream', { schema }, async (_request, reply) => {
    if (stream.size() >= MOST_LISTENERS) return sendProblem(reply, 429, 'Too many listen already.');
    stream.add(reply);
    return reply;
  });
}

interface Stream {
  add: (reply: FastifyReply) => void;
  size: () => number;
  end: () => void;
}

function createStream(ask: () => Promise<LiveReport>, pollMs: number): Stream {
  const listeners = new Set<FastifyReply['raw']>();
  let latest = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let spoken = 0;
  const send = (listener: FastifyReply['raw'], words: string) => {
    if (listener.writableLength > MOST_WAITING_BYTES) listener.destroy();
    else listener.write(words);
  };
  const poll = async () => {
    const words = await ask().then(
      (report) => `data: ${JSON.stringify(report)}\n\n`,
      () => 'event: away\ndata: {}\n\n',
    );
    const now = Date.now();
    if (words !== latest || now - spoken >= HEARTBEAT_MS) {
      for (const listener of listeners) send(listener, words === latest ? ': still here\n\n' : words);
      spoken = now;
    }
    latest = words;
    if (listeners.size > 0) timer = setTimeout(poll, pollMs);
    else latest = '';
  };
  return {
    add: (reply) => {
      reply.hijack();
      const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
      reply.raw.writeHead(200, headers as Record<string, string>);
      listeners.add(reply.raw);
      reply.raw.once('close', () => {
        listeners.delete(reply.raw);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        latest = '';
      });
      if (listeners.size === 1) void poll();
      else if (latest !== '') send(reply.raw, latest);
    },
    size: () => listeners.size,
    end: () => {
      clearTimeout(timer);
      for (const listener of listeners) listener.end();
      listeners.clear();
    },
  };
}
