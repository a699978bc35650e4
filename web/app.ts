// The web service without its socket: routes, page files, headers and problems. Tests build it and call inject().
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions } from 'fastify';
import { useProblems } from './problems.ts';
import type { Questions } from './questions.ts';
import { accountRoute } from './routes/account.ts';
import { healthRoute } from './routes/health.ts';
import { yearlyRoute } from './routes/yearly.ts';
import { yearsRoute } from './routes/years.ts';
import { useSecurityHeaders } from './security.ts';

export interface AppOptions {
  questions: Questions;
  /** Where the built page lies: dist/web/page-assets. */
  pageDirectory: string;
  /** Off unless given, as fastify takes it. */
  logger?: FastifyServerOptions['logger'];
}

export function createApp({ questions, pageDirectory, logger = false }: AppOptions): FastifyInstance {
  const app = Fastify({
    logger: logger ?? false,
    // A misspelt parameter is refused, not dropped: the answer would be to another question.
    ajv: { customOptions: { removeAdditional: false } },
    routerOptions: { maxParamLength: 100 },
  });
  useSecurityHeaders(app);
  useProblems(app);
  healthRoute(app, questions);
  yearsRoute(app, questions);
  yearlyRoute(app, questions);
  accountRoute(app, questions);
  app.register(fastifyStatic, { root: pageDirectory, cacheControl: false, setHeaders: cacheFor });
  return app;
}

/** Files under assets/ carry a hash of their content in the name; the page itself must be asked for anew. */
function cacheFor(reply: FastifyReply, path: string): void {
  const lasting = /[\\/]assets[\\/]/.test(path);
  reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
}
