// The web service without its socket: routes, page files, headers and problems. Tests build it and call inject().
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions } from 'fastify';
import { type Access, LOCAL, loginRoute, useAccess } from './access.ts';
import { PATIENCE, type Patience, serverBounds, usePatience } from './patience.ts';
import { createPlaces } from './places.ts';
import { refuseConnection, sendProblem, useProblems } from './problems.ts';
import type { Questions } from './questions.ts';
import { accountRoute } from './routes/account.ts';
import { accountDaysDataset } from './routes/account-days.ts';
import { annotationRoutes } from './routes/annotations.ts';
import { createAnswerCache } from './routes/answer-cache.ts';
import { type Dataset, datasetRoute } from './routes/dataset.ts';
import { healthRoute } from './routes/health.ts';
import { liveRoutes } from './routes/live.ts';
import { mapDataset } from './routes/map.ts';
import { portDataset } from './routes/port.ts';
import { risersDataset } from './routes/risers.ts';
import { sourceDataset, sourcesDataset } from './routes/sources.ts';
import { trendDataset } from './routes/trend.ts';
import { yearlyDataset } from './routes/yearly.ts';
import { yearsRoute } from './routes/years.ts';
import { SECURITY_HEADERS, useSecurityHeaders } from './security.ts';
import { recent, shared, untilChanged } from './shared.ts';
import { useTurns } from './turns.ts';
import { VIEWS } from './views.ts';

export interface AppOptions {
  questions: Questions;
  /** Where the built page lies: dist/web/page-assets. */
  pageDirectory: string;
  access?: Access;
  /** Off unless given, as fastify takes it. */
  logger?: FastifyServerOptions['logger'];
  patience?: Patience;
}

export function createApp(options: AppOptions): FastifyInstance {
  const { questions, pageDirectory, access = LOCAL, logger = false, patience = PATIENCE } = options;
  const app = Fastify({
    ...serverBounds(patience),
    logger: logger ?? false,
    // A server with TLS before it names its readers: each has a rate of his own. Others may say what they like.
    trustProxy: 'loopback',
    clientErrorHandler: refuseConnection,
    // A path that cannot be read comes to no route and no hook.
    frameworkErrors: (_error, _request, reply) =>
      sendProblem(reply.headers(SECURITY_HEADERS), 400, 'The path cannot be read: an escape in it is broken.'),
    // A misspelt parameter is refused, not dropped: the answer would be to another question.
    ajv: { customOptions: { removeAdditional: false, strictTypes: false } },
    routerOptions: { maxParamLength: 100 },
  });
  useTurns(app);
  useSecurityHeaders(app);
  useProblems(app);
  usePatience(app, patience);
  // In this order: swagger sees the routes that come after it, and access guards them all.
  app.register(swagger, { openapi: OPENAPI });
  app.register(async (guarded) => {
    await useAccess(guarded, access);
    apiRoutes(guarded, questions, access, patience);
    guarded.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
    pageRoutes(guarded, pageDirectory);
  });
  return app;
}

const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'umbrascope',
    description: 'What a network telescope saw. Failures are RFC 9457 problems; answers carry an ETag.',
    version: '1',
    license: { name: 'MIT', identifier: 'MIT' },
  },
} as const;

/** How old an answer may be of what arrives now: a sensor reports once a minute. */
const LIVE_BEHIND_MS = 1_000;

/**
 * How old the state of the data may be that an answer is of: many ask at once, and each would ask for it first. It is asked for again so
 * often, and nobody waits for it who may be told of the one before.
 */
const LOOK_MS = 250;
export const BEHIND_MS = 1_000;

function apiRoutes(api: FastifyInstance, all: Questions, access: Access, { pollMs }: Patience): void {
  const dataVersion = recent(shared(all.dataVersion), LOOK_MS, BEHIND_MS);
  const changing =
    <Args extends unknown[], T>(change: (...args: Args) => Promise<T>) =>
    (...args: Args) =>
      change(...args).finally(dataVersion.forget);
  const once = <T>(ask: () => Promise<T>) => untilChanged(dataVersion, ask);
  const questions = {
    ...{ ...all, dataVersion, live: recent(shared(all.live), LIVE_BEHIND_MS) },
    ...{ annotate: changing(all.annotate), removeAnnotation: changing(all.removeAnnotation) },
    ...{ years: once(all.years), sensors: once(all.sensors), groups: once(all.groups), days: once(all.days) },
    account: once(all.account),
  };
  const seeAddresses = !access.isPublic;
  const mayWrite = !access.isPublic;
  const places = createPlaces();
  const cache = createAnswerCache(places);
  const dataset = <Query, Answer>(each: Dataset<Query, Answer>) => datasetRoute(api, questions, cache, each);
  healthRoute(api, questions);
  loginRoute(api, access);
  yearsRoute(api, questions, { annotate: mayWrite, seeAddresses });
  dataset(yearlyDataset(questions));
  dataset(trendDataset(questions.trend));
  dataset(mapDataset(questions.map));
  dataset(portDataset(questions.port));
  dataset(risersDataset(questions.risers));
  dataset(sourcesDataset((query) => questions.sources(query, seeAddresses)));
  if (seeAddresses) dataset(sourceDataset(questions.source));
  accountRoute(api, questions);
  dataset(accountDaysDataset(questions.accountDays));
  liveRoutes(api, questions, pollMs);
  annotationRoutes(api, questions, places, mayWrite);
}

function pageRoutes(app: FastifyInstance, pageDirectory: string): void {
  app.register(fastifyStatic, { root: pageDirectory, cacheControl: false, setHeaders: cacheFor });
  for (const view of VIEWS) {
    app.get(`/${view}`, { schema: { hide: true } }, async (_request, reply) => reply.sendFile('index.html'));
  }
}

/** Files under assets/ carry a hash of their content in the name; the page itself must be asked for anew. */
function cacheFor(reply: FastifyReply, file: string): void {
  const lasting = file.includes(`${path.sep}assets${path.sep}`);
  reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
}
