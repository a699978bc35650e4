// Who may ask: by default this machine alone, asked for by its own names; beyond it whoever has the token, or everybody where the operator
// says so, who then sees no addresses and writes nothing.
import { createHmac, timingSafeEqual } from 'node:crypto';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problems.ts';

export interface Access {
  /** Whoever has it may ask. */
  token?: string;
  /** Everybody may ask; addresses stay hidden. */
  isPublic: boolean;
}

/** Only this machine, by its own names. */
export const LOCAL: Access = { isPublic: false };

const COOKIE = 'umbrascope';
const COOKIE_SECONDS = 30 * 86_400;
const LOGINS_A_MINUTE = 10;
const QUESTIONS_A_MINUTE = 1_200;
/** A page elsewhere could have its own name lead to this machine; it cannot change the name its visitors ask for. */
const OWN_NAMES = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/** Registered before the routes it guards. */
export async function useAccess(app: FastifyInstance, access: Access): Promise<void> {
  await app.register(cookie);
  const beyond = access.token !== undefined || access.isPublic;
  await app.register(rateLimit, {
    global: beyond,
    max: QUESTIONS_A_MINUTE,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { after }) =>
      Object.assign(new Error(`Too many requests: again in ${after}.`), { statusCode: 429 }),
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.host === undefined) return sendProblem(reply, 400, 'A request names its host (RFC 9112, 3.2).');
    if (!beyond && !OWN_NAMES.test(request.headers.host ?? '')) {
      return sendProblem(reply, 421, 'This telescope is served to this machine only, as localhost.');
    }
    if (isForeignWrite(request)) return sendProblem(reply, 403, 'Another site may not write here.');
    if (access.token === undefined || isOpen(request) || isAllowed(request, access.token)) return undefined;
    reply.header('www-authenticate', 'Bearer');
    return sendProblem(reply, 401, 'This telescope is shown to those who have its token.');
  });
}

const LOGIN = '/api/v1/login';

/** The cookie is made from the token and is not the token. */
export function loginRoute(app: FastifyInstance, { token }: Access): void {
  if (token === undefined) return;
  const body = {
    type: 'object',
    additionalProperties: false,
    required: ['token'],
    properties: { token: { type: 'string', minLength: 1, maxLength: 200 } },
  };
  const response = { 204: { type: 'null', description: 'The cookie is set' } };
  const schema = { summary: 'Exchange the token for a cookie', body, response };
  const config = { rateLimit: { max: LOGINS_A_MINUTE, timeWindow: 60_000 } };
  app.post<{ Body: { token: string } }>(LOGIN, { schema, config }, async (request, reply: FastifyReply) => {
    if (!isSame(request.body.token, token)) return sendProblem(reply, 401, 'That is not the token.');
    const options = { httpOnly: true, sameSite: 'strict', path: '/', maxAge: COOKIE_SECONDS } as const;
    return reply.setCookie(COOKIE, cookieOf(token), options).code(204).send();
  });
}

/** By the route it leads to, too: `/%61pi/v1/years` and `http://host/api/v1/years` are written otherwise and lead to the same. */
function isOpen({ url, routeOptions: { url: route = '' } }: FastifyRequest): boolean {
  return route === LOGIN || !(route.startsWith('/api/') || url.startsWith('/api/'));
}

function isAllowed(request: FastifyRequest, token: string): boolean {
  const [, bearer] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (bearer !== undefined) return isSame(bearer, token);
  return isSame(request.cookies[COOKIE] ?? '', cookieOf(token));
}

function cookieOf(token: string): string {
  return createHmac('sha256', token).update('umbrascope page').digest('base64url');
}

/** In a time that does not tell how much was right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function isForeignWrite({ method, headers }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false;
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
