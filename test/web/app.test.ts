// The service's edge: what is asked reaches the questions, bad queries are refused, failures say nothing of the inside.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BEHIND_MS } from '../../web/app.ts';
import { startServer } from '../../web/server.ts';
import { VIEWS } from '../../web/views.ts';
import { account, appWith } from './fixed-app.ts';
import { twoYears } from './nicterReport.ts';

test('years tells what can be asked for', async () => {
  const answer = await appWith().app.inject('/api/v1/years');
  expect(answer.json()).toEqual({
    years: [2019, 2020],
    sensors: ['tokyo-1', 'osaka-2'],
    groups: [],
    schemes: ['mic-2020', 'mic-2023', 'full'],
    days: { first: '2019-01-01', last: '2020-12-31' },
    may: { annotate: true, seeAddresses: true },
  });
});

test('yearly without parameters asks for every year there is, survey scans left out', async () => {
  const { app, asked } = appWith();
  const answer = await app.inject('/api/v1/yearly');
  expect(answer.json()).toEqual(twoYears());
  expect(asked).toEqual([
    {
      years: [2019, 2020],
      top: 30,
      scheme: 'mic-2020',
      survey: 'exclude',
      months: [1, 12],
      normalise: 'total',
      lang: 'en',
      sensors: [],
    },
  ]);
});

test('yearly hands on every parameter', async () => {
  const { app, asked } = appWith();
  const query =
    'years=2020,2019&base=2020&top=10&scheme=full&survey=only&months=1-11&normalise=perAddress&lang=ja&sensor=tokyo-1&sensor=osaka-2';
  expect((await app.inject(`/api/v1/yearly?${query}`)).statusCode).toBe(200);
  expect(asked[0]).toEqual({
    years: [2019, 2020],
    base: 2020,
    top: 10,
    scheme: 'full',
    survey: 'only',
    months: [1, 11],
    normalise: 'perAddress',
    lang: 'ja',
    sensors: ['tokyo-1', 'osaka-2'],
  });
});

for (const bad of [
  'years=twenty',
  'years=2019,',
  `years=${Array(21).fill('2019').join(',')}`,
  'top=0',
  'top=100000',
  'scheme=mine',
  'survey=maybe',
  'months=0-13',
  'months=11-2',
  'normalise=no',
  'lang=de',
  'format=pdf',
  'servey=only',
]) {
  test(`a query with ${bad.slice(0, 20)} is refused before anything is asked`, async () => {
    const { app, asked } = appWith();
    const answer = await app.inject(`/api/v1/yearly?${bad}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
    expect(asked).toEqual([]);
  });
}

test('a query that makes no sense to the questions is refused with their words', async () => {
  const yearly = async () => {
    throw Object.assign(new Error('base 2018 is not among the years 2019, 2020'), { name: 'UsageError' });
  };
  const answer = await appWith({ yearly }).app.inject('/api/v1/yearly?base=2018');
  expect(answer.statusCode).toBe(400);
  expect(answer.json().detail).toBe('base 2018 is not among the years 2019, 2020');
});

test('a store that fails is a 503 that tells nothing of the inside', async () => {
  const yearly = async () => {
    throw new Error('connect ECONNREFUSED secret-host:9000');
  };
  const answer = await appWith({ yearly }).app.inject('/api/v1/yearly');
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.body).not.toMatch(/secret-host|at .*\.ts|stack/);
});

test('without data yearly is a 404 that says so', async () => {
  const answer = await appWith({ years: async () => [] }).app.inject('/api/v1/yearly');
  expect(answer.statusCode).toBe(404);
  expect(answer.json().detail).toBe('There is no data yet.');
});

test('CSV by Accept and by format: one header line, one row a year and group', async () => {
  const { app } = appWith();
  const byAccept = await app.inject({ url: '/api/v1/yearly', headers: { accept: 'text/csv' } });
  const byFormat = await app.inject('/api/v1/yearly?format=csv');
  expect(byAccept.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(byAccept.body).toBe(byFormat.body);
  const lines = byAccept.body.trim().split(/\r?\n/);
  expect(lines[0]).toBe('year,group,packets,share,length,growth');
  expect(lines).toHaveLength(1 + 2 * 5);
});

test('a browser that accepts anything gets JSON', async () => {
  const answer = await appWith().app.inject({ url: '/api/v1/yearly', headers: { accept: 'text/html,*/*;q=0.8' } });
  expect(answer.headers['content-type']).toContain('application/json');
});

test('the chart as SVG is an attachment named after its years', async () => {
  const answer = await appWith().app.inject('/api/v1/yearly?format=svg&lang=ja');
  expect(answer.headers['content-type']).toBe('image/svg+xml; charset=utf-8');
  expect(answer.headers['content-disposition']).toBe('attachment; filename="umbrascope-2019-2020.svg"');
  expect(answer.body).toContain('IoT機器を狙った攻撃');
});

test('who has the answer already is told that nothing changed, until the data change', async () => {
  let version = '1';
  const { app, asked } = appWith({ dataVersion: async () => version });
  const first = await app.inject('/api/v1/yearly');
  const etag = String(first.headers.etag);
  const again = await app.inject({ url: '/api/v1/yearly', headers: { 'if-none-match': etag } });
  expect(again.statusCode).toBe(304);
  expect(again.body).toBe('');
  expect((await app.inject('/api/v1/yearly')).body).toBe(first.body);
  expect(asked).toHaveLength(1);
  version = '2';
  await sleep(BEHIND_MS + 10);
  const changed = await app.inject({ url: '/api/v1/yearly', headers: { 'if-none-match': etag } });
  expect(changed.statusCode).toBe(200);
  expect(asked).toHaveLength(2);
});

test('answers about years that are over may be kept for minutes, others must be asked for anew', async () => {
  const { app } = appWith();
  const caching = async (query: string, headers = {}) => {
    const answer = await app.inject({ url: `/api/v1/yearly?${query}`, headers });
    return [answer.statusCode, answer.headers['cache-control'], answer.headers.etag] as const;
  };
  const kept = 'private, max-age=300';
  const anew = 'private, no-cache';
  const [, , etag = ''] = await caching('years=2019,2020');
  expect(await caching('years=2019,2020')).toEqual([200, kept, etag]);
  expect(await caching('years=2019,2020', { 'if-none-match': etag })).toEqual([304, kept, etag]);
  expect((await caching(''))[1]).toBe(anew);
  const now = new Date();
  expect((await caching(`years=2019,${now.getUTCFullYear()}&months=1-12`))[1]).toBe(anew);
  expect((await caching(`years=2020&months=12-1`)).slice(0, 2)).toEqual([400, 'no-store']);
});

test('JSON and CSV of one question have ETags of their own', async () => {
  const { app } = appWith();
  const tags = await Promise.all(
    ['application/json', 'text/csv'].map(async (accept) => {
      return (await app.inject({ url: '/api/v1/yearly', headers: { accept } })).headers.etag;
    }),
  );
  expect(new Set(tags).size).toBe(2);
});

test('every view of the page has an address of its own', async () => {
  const { app } = appWith();
  for (const view of VIEWS) expect((await app.inject(`/${view}?lang=ja`)).body).toContain('umbrascope');
  expect((await app.inject('/elsewhere')).statusCode).toBe(404);
});

test('the account passes every fate', async () => {
  expect((await appWith().app.inject('/api/v1/account')).json()).toEqual(account);
});

test('health follows the store', async () => {
  expect((await appWith().app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  const years = async () => {
    throw new Error('away');
  };
  expect((await appWith({ years }).app.inject('/healthz')).statusCode).toBe(503);
});

test('the page and every answer carry the security headers', async () => {
  const { app } = appWith();
  for (const url of ['/', '/api/v1/years', '/nowhere']) {
    const { headers } = await app.inject(url);
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe-inline');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  }
});

test('what is not there is a problem, and nothing outside the page is served', async () => {
  const { app } = appWith();
  const answer = await app.inject('/api/v1/nothing?x=1');
  expect(answer.statusCode).toBe(404);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  for (const path of ['/../package.json', '/%2e%2e/%2e%2e/etc/passwd', '/..%2fpackage.json']) {
    expect((await app.inject(path)).statusCode).toBeGreaterThanOrEqual(400);
  }
});

test('a port in use is a clear error', async () => {
  const { app } = appWith();
  const url = await startServer(app, { host: '127.0.0.1', port: 0 });
  expect((await fetch(`${url}healthz`)).status).toBe(200);
  const port = Number(new URL(url).port);
  const second = startServer(appWith().app, { host: '127.0.0.1', port });
  await expect(second).rejects.toThrow(`cannot listen on 127.0.0.1 port ${port}: another program is using it`);
});
