// Who may ask, and what a server tells: tokens, names, foreign pages, the public; and nothing of the inside, whatever is asked.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, expect, test } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import type { Access } from '../../web/access.ts';
import { createApp } from '../../web/app.ts';
import { answersOf } from '../../web/report/answers.ts';
import { startServer } from '../../web/server.ts';
import { temporaryDirectory, umbrascope } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';

const TOKEN = 'a token of at least sixteen characters';
const data = temporaryDirectory();
const pageDirectory = mkdtempSync(join(tmpdir(), 'umbrascope-page-'));
writeFileSync(join(pageDirectory, 'index.html'), '<!doctype html><title>umbrascope</title>');

let store: Connection | undefined;
async function theStore(): Promise<Connection> {
  if (store) return store;
  const args = ['ingest', '--data', data, '--sensor', 'one', '--darknet', '198.51.100.0/26', '-'];
  const { code, stderr } = await umbrascope(args, syns(100));
  expect(stderr).not.toContain('umbrascope:');
  expect(code).toBe(0);
  store = await openStore({ directory: data });
  return store;
}

const running: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});
afterAll(async () => {
  await store?.close();
  rmSync(pageDirectory, { recursive: true });
});

async function appFor(access?: Access): Promise<FastifyInstance> {
  const app = createApp({ questions: answersOf(await theStore()), pageDirectory, ...(access ? { access } : {}) });
  running.push(app);
  return app;
}

test('without a token nothing is answered, with a wrong one neither, with the right one everything', async () => {
  const app = await appFor({ token: TOKEN, isPublic: false });
  const ask = async (headers: Record<string, string>) =>
    (await app.inject({ url: '/api/v1/years', headers })).statusCode;
  expect(await ask({})).toBe(401);
  expect(await ask({ authorization: `Bearer ${TOKEN}x` })).toBe(401);
  expect(await ask({ authorization: 'Bearer ' })).toBe(401);
  expect(await ask({ cookie: `umbrascope=${TOKEN}` })).toBe(401);
  expect(await ask({ authorization: `Bearer ${TOKEN}` })).toBe(200);
  expect((await app.inject('/')).statusCode).toBe(200);
});

test('logging in sets a cookie that scripts cannot read and that is not the token', async () => {
  const app = await appFor({ token: TOKEN, isPublic: false });
  const login = (token: string) => app.inject({ method: 'POST', url: '/api/v1/login', payload: { token } });
  expect((await login('wrong')).statusCode).toBe(401);
  const { headers, statusCode } = await login(TOKEN);
  expect(statusCode).toBe(204);
  const cookie = String(headers['set-cookie']);
  expect(cookie).toContain('HttpOnly');
  expect(cookie).toContain('SameSite=Strict');
  expect(cookie).not.toContain(encodeURIComponent(TOKEN));
  const answer = await app.inject({ url: '/api/v1/years', headers: { cookie: cookie.split(';')[0] ?? '' } });
  expect(answer.statusCode).toBe(200);
});

test('tokens cannot be tried without end', async () => {
  const app = await appFor({ token: TOKEN, isPublic: false });
  const codes: number[] = [];
  for (let i = 0; i < 12; i++) {
    const { statusCode } = await app.inject({ method: 'POST', url: '/api/v1/login', payload: { token: `guess ${i}` } });
    codes.push(statusCode);
  }
  expect(codes.slice(0, 10)).toEqual(Array(10).fill(401));
  expect(codes.slice(10)).toEqual([429, 429]);
});

test('a name that leads to this machine from elsewhere is refused, so is a write by another site', async () => {
  const app = await appFor();
  const asHost = (host: string) => app.inject({ url: '/api/v1/years', headers: { host } });
  expect((await asHost('evil.example')).statusCode).toBe(421);
  for (const host of ['localhost:8080', '127.0.0.1:1234', '[::1]:80'])
    expect((await asHost(host)).statusCode).toBe(200);
  const payload = { day: '2020-01-01', text: 'not theirs' };
  const headers = { 'sec-fetch-site': 'cross-site' };
  const foreign = await app.inject({ method: 'POST', url: '/api/v1/annotations', payload, headers });
  expect(foreign.statusCode).toBe(403);
  expect((await app.inject('/api/v1/annotations')).json()).toEqual({ notes: [] });
});

test('the public sees no address and writes nothing', async () => {
  const app = await appFor({ isPublic: true });
  const list = (await app.inject('/api/v1/sources')).json();
  expect(list.counts.sources).toBe(1);
  expect(list.sources).toEqual([]);
  expect(list.addressesHidden).toBe(true);
  expect((await app.inject('/api/v1/source?srcAddr=203.0.113.9')).statusCode).toBe(404);
  const payload = { day: '2020-01-01', text: 'graffiti' };
  expect((await app.inject({ method: 'POST', url: '/api/v1/annotations', payload })).statusCode).toBe(404);
  expect((await app.inject('/api/v1/years')).json().may).toEqual({ annotate: false, seeAddresses: false });
});

test('no answer names a monitored prefix or a dark address', async () => {
  const app = await appFor();
  const { paths } = (await app.inject('/api/v1/openapi.json')).json() as { paths: Record<string, { get?: unknown }> };
  for (const [path, { get }] of Object.entries(paths)) {
    if (!get || path.endsWith('/stream')) continue;
    const query: Record<string, string> = { '/api/v1/port': '?port=tcp/23', '/api/v1/source': '?srcAddr=203.0.113.9' };
    const { body, statusCode } = await app.inject(path + (query[path] ?? ''));
    expect(statusCode, path).toBe(200);
    expect(body, path).not.toContain('198.51.100');
  }
});

/** Every parameter of every route, as the OpenAPI document lists them. */
async function parametersOf(app: FastifyInstance): Promise<{ path: string; name: string; needs: string }[]> {
  const { paths } = (await app.inject('/api/v1/openapi.json')).json() as {
    paths: Record<string, { get?: { parameters?: { name: string }[] } }>;
  };
  const needs: Record<string, string> = { '/api/v1/port': 'port=tcp/23', '/api/v1/source': 'srcAddr=203.0.113.9' };
  return Object.entries(paths).flatMap(([path, { get }]) =>
    (get?.parameters ?? []).map(({ name }) => ({ path, name, needs: needs[path] ?? '' })),
  );
}

const ATTACKS = [
  `' OR 1=1 --`,
  `'); DROP TABLE flows; --`,
  `1 UNION ALL SELECT * FROM system.users`,
  `{sensor:String}`,
  `../../../../etc/passwd`,
  `%00`,
  `\\'`,
  '9'.repeat(400),
  '1e999',
];

test('SQL in every parameter of every route is refused or finds nothing, and the tables stay', async () => {
  const app = await appFor();
  const parameters = await parametersOf(app);
  expect(parameters.length).toBeGreaterThan(30);
  for (const { path, name, needs } of parameters) {
    for (const attack of ATTACKS) {
      const query = needs.startsWith(`${name}=`) ? '' : `${needs}&`;
      const { statusCode, body } = await app.inject(`${path}?${query}${name}=${encodeURIComponent(attack)}`);
      expect(statusCode, `${path} ${name}=${attack}`).toBeLessThan(500);
      expect(body).not.toMatch(/DB::|Exception|\.ts:|node_modules|root:x/);
    }
  }
  expect(await (await theStore()).query('SELECT sum(packets) AS packets FROM flows')).toEqual([{ packets: 100 }]);
});

test('a question cannot change the database, whatever it says', async () => {
  const db = await theStore();
  for (const sql of [
    'DROP TABLE flows',
    'INSERT INTO schema (version) SELECT 99',
    'SET readonly = 0',
    'TRUNCATE TABLE days',
  ])
    await expect(db.query(sql), sql).rejects.toThrow(/refused/);
  expect(await db.query('SELECT count() > 0 AS there FROM days')).toEqual([{ there: 1 }]);
});

test('malformed requests are never an error of the server', { timeout: 60_000 }, async () => {
  const app = await appFor();
  const paths = fc.constantFrom(
    'trend',
    'yearly',
    'sources',
    'port',
    'source',
    'account/days',
    'annotations',
    'years',
    'nothing',
  );
  const pairs = fc.array(
    fc.tuple(fc.constantFrom('from', 'to', 'by', 'port', 'years', 'x'), fc.string({ unit: 'binary', maxLength: 30 })),
    {
      maxLength: 4,
    },
  );
  const request = fc.record({
    path: paths,
    pairs,
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    body: fc.string(),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ path, pairs: query, method, body }) => {
      const text = query
        .map(([name, value]) => `${name}=${encodeURIComponent(Buffer.from(value).toString())}`)
        .join('&');
      const answer = await app.inject({
        method: method as 'GET',
        url: `/api/v1/${path}?${text}`,
        headers: { 'content-type': 'application/json' },
        ...(method === 'GET' ? {} : { payload: body }),
      });
      expect(answer.statusCode).toBeLessThan(500);
      if (answer.statusCode >= 400) expect(answer.headers['content-type']).toContain('application/problem+json');
    }),
    { numRuns: 300, seed: 6 },
  );
});

test('what is too large is refused, and who is too slow is not waited for', async () => {
  const app = await appFor();
  const url = new URL(await startServer(app, { host: '127.0.0.1', port: 0 }));
  const large = await app.inject({
    method: 'POST',
    url: '/api/v1/annotations',
    payload: { day: '2020-01-01', text: 'x'.repeat(20_000) },
  });
  expect(large.statusCode).toBe(413);
  expect(app.server.requestTimeout).toBeLessThanOrEqual(20_000);
  const answer = await raw(url, `GET /api/v1/years?${'x'.repeat(70_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(await raw(url, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect((await fetch(`${url}healthz`)).status).toBe(200);
});

/** What the server says before it hangs up. */
function raw({ hostname, port }: URL, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve(said) : reject(error)));
    socket.on('close', () => resolve(said));
  });
}

test('listeners of what arrives share one question, get it whole, and are let go when the server ends', async () => {
  let asked = 0;
  const questions = answersOf(await theStore());
  const live = async () => {
    asked++;
    return questions.live();
  };
  const app = createApp({ questions: { ...questions, live }, pageDirectory });
  running.push(app);
  const url = await startServer(app, { host: '127.0.0.1', port: 0 });
  const listeners = await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}api/v1/live/stream`)));
  const readers = listeners.map(({ body }) => (body as ReadableStream<Uint8Array>).getReader());
  const first = await Promise.all(readers.map(async (reader) => new TextDecoder().decode((await reader.read()).value)));
  for (const words of first) expect(words).toMatch(/^data: \{"trend"/);
  expect(listeners[0]?.headers.get('content-type')).toBe('text/event-stream');
  expect(asked).toBeLessThanOrEqual(2);
  await app.close();
  const ends = await Promise.all(
    readers.map(async (reader) => (await reader.read().catch(() => ({ done: true }))).done),
  );
  expect(ends).toEqual(Array(20).fill(true));
});

test('beyond this machine the page wants a token or the word public', async () => {
  const alone = await umbrascope(['serve', '--data', data, '--host', '0.0.0.0', '--port', '0']);
  expect(alone.code).toBe(2);
  expect(alone.stderr).toContain('--host 0.0.0.0: others could see the page there; give --token SECRET');
  const short = await umbrascope(['serve', '--data', data, '--token', 'short']);
  expect(short.code).toBe(2);
  const both = await umbrascope(['serve', '--data', data, '--token', TOKEN, '--public']);
  expect(both.code).toBe(2);
});
