// Nothing of the inside is told and nothing is changed, whatever is asked: SQL, paths, nonsense, too much, too slow.
import { connect } from 'node:net';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { startServer } from '../../web/server.ts';
import { appFor, theStore } from './small-store.ts';

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
