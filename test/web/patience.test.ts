// Who asks slowly, reads slowly or asks for too much is let go, and takes no memory with him; the others do not notice.
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { answersOf } from '../../web/report/answers.ts';
import type { AccountDays } from '../../web/report/shape-range.ts';
import { startServer } from '../../web/server.ts';
import { opened, raw } from '../setup/raw-http.ts';
import { appFor, theStore } from './small-store.ts';

const HURRIED = { requestMs: 400, answerMs: 400, leastRate: 1e9, pollMs: 50 };

test('what is too large is refused', async () => {
  const app = await appFor();
  const url = new URL(await startServer(app, { host: '127.0.0.1', port: 0 }));
  const post = (payload: object | string) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/annotations',
      payload,
      headers: { 'content-type': 'application/json' },
    });
  expect((await post({ day: '2020-01-01', text: 'x'.repeat(20_000) })).statusCode).toBe(413);
  expect((await post({ day: '2020-01-01', text: 'x'.repeat(201) })).statusCode).toBe(400);
  const sensors = Array.from({ length: 101 }, (_, index) => `sensor=${index}`).join('&');
  expect((await app.inject(`/api/v1/trend?${sensors}`)).statusCode).toBe(400);
  expect((await app.inject(`/api/v1/yearly?years=${'2020,'.repeat(30)}2020`)).statusCode).toBe(400);
  expect((await app.inject('/api/v1/trend?from=1970-01-01&to=2105-12-31')).statusCode).toBe(400);
  expect((await app.inject(`/api/v1/annotations/${'x'.repeat(200)}`)).statusCode).toBe(404);
  expect(await raw(url, `GET /api/v1/years?${'x'.repeat(70_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 4\d\d /,
  );
  expect(await raw(url, `GET / HTTP/1.1\r\nHost: localhost\r\n${'X: y\r\n'.repeat(9_000)}\r\n`)).toMatch(
    /^HTTP\/1\.1 4\d\d /,
  );
  expect(await raw(url, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect((await fetch(`${url}healthz`)).status).toBe(200);
});

test('heads and bodies that come drop by drop are not waited for, however many', async () => {
  const app = await appFor(undefined, {}, HURRIED);
  const url = new URL(await startServer(app, { host: '127.0.0.1', port: 0 }));
  const beginnings = [
    'GET / HTTP/1.1\r\nHost: localhost\r\n',
    'POST /api/v1/annotations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n',
  ];
  const began = performance.now();
  const said = await Promise.all(
    Array.from({ length: 200 }, (_, index) => dribbled(url, beginnings[index % 2] as string)),
  );
  expect(performance.now() - began).toBeGreaterThan(HURRIED.requestMs);
  for (const words of said) expect(words).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json/s);
  expect((await fetch(`${url}healthz`)).status).toBe(200);
});

test('a large answer that nobody takes is thrown away, and so are events', async () => {
  const day = {
    sensor: 'one',
    day: '2020-01-01',
    frames: 1,
    counted: 1,
    fates: {},
    coverage: 100,
    monitoredAddresses: 64,
    rulesVersion: 'x',
  };
  const questions = answersOf(await theStore());
  const large = {
    ...(await questions.accountDays({ sensors: [] })),
    sensorDays: Array(300_000).fill(day),
  } as AccountDays;
  let asked = 0;
  const live = async () => ({
    ...(await questions.live()),
    packetsPerSecond: asked++,
    rates: Array(30_000).fill({ category: 'iot/telnet', packetsPerSecond: 1 }),
  });
  const app = await appFor(undefined, { accountDays: async () => large, live }, HURRIED);
  const url = new URL(await startServer(app, { host: '127.0.0.1', port: 0 }));
  const held: Socket[] = [];
  app.server.on('connection', (socket) => held.push(socket));
  const paths = ['/api/v1/account/days?format=csv', '/api/v1/account/days', '/api/v1/live/stream'];
  const deaf = paths.map((path) => {
    const socket = opened(url, () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
    socket.on('error', () => {});
    return socket.pause();
  });
  for (let waited = 0; held.length < 3 || held.some(({ destroyed }) => !destroyed); waited++) {
    if (waited > 200)
      throw new Error(`still held: ${held.map(({ destroyed, writableLength }) => `${destroyed} ${writableLength}`)}`);
    await sleep(50);
  }
  expect(asked).toBeGreaterThan(1);
  const patient = await appFor(undefined, { accountDays: async () => large });
  const { body } = await patient.inject('/api/v1/account/days?format=csv');
  expect(body.split('\n').length).toBeGreaterThan(300_000);
  for (const socket of deaf) socket.destroy();
});

/** A byte now and then, until the server has enough of it. */
function dribbled(url: URL, beginning: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    let drops: ReturnType<typeof setInterval> | undefined;
    const socket = opened(url, () => {
      socket.write(beginning);
      drops = setInterval(() => socket.write('x'), 50);
    });
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(drops);
      resolve(said);
    });
  });
}
