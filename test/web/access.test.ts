// Who may ask: tokens, names, foreign pages, the public; and those who listen.
import { expect, test, vi } from 'vitest';
import { answersOf } from '../../web/report/answers.ts';
import { startServer } from '../../web/server.ts';
import { umbrascope } from '../setup/command.ts';
import { raw } from '../setup/raw-http.ts';
import { serveData } from '../setup/serving.ts';
import { appFor, data, theStore } from './small-store.ts';

const TOKEN = 'a token of at least sixteen characters';
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

test('no way of writing an address leads past the token', async () => {
  const app = await appFor({ token: TOKEN, isPublic: false });
  const url = new URL(await startServer(app, { host: '127.0.0.1', port: 0 }));
  const headers = { authorization: `Bearer ${TOKEN}` };
  const { paths } = (await app.inject({ url: '/api/v1/openapi.json', headers })).json();
  const ways = (path: string) => [
    ...[
      path,
      `http://x${path}`,
      `https://x${path}`,
      `//x${path}`,
      `/.${path}`,
      `/x/..${path}`,
      `${path}/`,
      `${path};x`,
      `${path}#x`,
    ],
    ...[
      path.replace('a', '%61'),
      path.replace('api', '%61%70%69'),
      path.replace('v1', '%76%31'),
      path.replace('api', 'API'),
    ],
    ...[
      path.replaceAll('/', '%2f'),
      path.replace('/', '//'),
      path.replace('/', '\\'),
      path.replace('/api', '/%2e/api'),
    ],
    ...['/api/v1/login/..', '/api/v1/login?x=', '/api/v1/login#'].map((before) => before + path),
  ];
  const guarded = Object.keys(paths).filter((path) => path.startsWith('/api/') && path !== '/api/v1/login');
  expect(guarded.length).toBeGreaterThan(12);
  for (const path of [...guarded, '/api/v1/openapi.json'].flatMap(ways))
    for (const method of path.startsWith('/api/v1/login') ? ['GET', 'HEAD'] : ['GET', 'HEAD', 'POST']) {
      const request = `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
      expect((await raw(url, request)).split('\r\n')[0], `${method} ${path}`).toMatch(/^HTTP\/1\.1 4(00|01|03|04|05) /);
    }
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

test.each([
  { from: '127.0.0.1', what: 'a server before it on this machine names each reader', refused: 0 },
  { from: '203.0.113.7', what: 'nobody else gets more by naming others', refused: 2 },
])('$what', async ({ from, refused }) => {
  const app = await appFor({ token: TOKEN, isPublic: false });
  let tooMany = 0;
  for (let i = 0; i < 12; i++) {
    const headers = { 'x-forwarded-for': `198.51.100.${i}` };
    const payload = { token: `guess ${i}` };
    const options = { method: 'POST', url: '/api/v1/login', remoteAddress: from, headers, payload } as const;
    tooMany += (await app.inject(options)).statusCode === 429 ? 1 : 0;
  }
  expect(tooMany).toBe(refused);
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

test('listeners of what arrives share one question, get it whole, and are let go when the server ends', async () => {
  let asked = 0;
  const questions = answersOf(await theStore());
  const live = async () => {
    asked++;
    return questions.live();
  };
  const app = await appFor(undefined, { live });
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

test('days that packets come for while the page is served are made, without anybody’s doing', async () => {
  const db = await theStore();
  const served = await serveData(data, ['--finalise', '200ms']);
  const last = async () =>
    ((await (await fetch(`${served.url}api/v1/years`)).json()) as { days: { last: string } }).days.last;
  expect(await last()).toBe('2020-09-13');
  for (const table of ['flows', 'fateHours'])
    await db.command(`INSERT INTO ${table} SELECT * REPLACE (hour + INTERVAL 3 DAY AS hour) FROM ${table}`);
  await vi.waitFor(async () => expect(await last()).toBe('2020-09-16'), { timeout: 10_000, interval: 100 });
  expect((await served.stop()).code).toBe(0);
});
