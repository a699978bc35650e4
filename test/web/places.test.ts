// However many ask at once, few answers are made at once: in the order asked, of each connection one, of who has gone none.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createPlaces } from '../../web/places.ts';
import { answersOf } from '../../web/report/answers.ts';
import { createAnswerCache } from '../../web/routes/answer-cache.ts';
import { startServer } from '../../web/server.ts';
import { opened, raw } from '../setup/raw-http.ts';
import { appFor, theStore } from './small-store.ts';

/** More than are made at once, fewer than there may be connections. */
const MANY = 24;
const LAST = 'Connection: close\r\n';
const wired = (series: number, more = '') =>
  `GET /api/v1/trend?series=${series} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;

/** The service over the small database, and which trends are asked of it, told apart by `series`; none is answered until `open`. */
async function watched() {
  const questions = answersOf(await theStore());
  const begun: number[] = [];
  const seen = { now: 0, most: 0 };
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const app = await appFor(undefined, {
    trend: async (query) => {
      begun.push(query.series);
      seen.most = Math.max(seen.most, ++seen.now);
      await gate;
      return questions.trend(query).finally(() => seen.now--);
    },
  });
  const url = new URL(await startServer(app, { host: '127.0.0.1', port: 0 }));
  return { app, url, begun, seen, open };
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited++) {
    if (waited > 500) throw new Error('it did not come to that');
    await sleep(10);
  }
}

/** Long enough for what should not happen to happen. */
const settled = () => sleep(200);

test('many connections are all answered, and eight answers made at once', async () => {
  const { url, begun, seen, open } = await watched();
  const answers: Promise<string>[] = [];
  for (let series = 1; series <= MANY; series++) {
    answers.push(raw(url, wired(series, LAST)));
    if (series <= 8) await until(() => begun.length === series);
  }
  await settled();
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  open();
  for (const said of await Promise.all(answers)) expect(said).toMatch(/^HTTP\/1\.1 200 /);
  expect(seen.most).toBe(8);
  expect([...begun].sort((a, b) => a - b)).toEqual(Array.from({ length: MANY }, (_, index) => index + 1));
});

test('a connection that sends many questions at once has one under way, and keeps nobody else waiting', async () => {
  const { url, begun, seen, open } = await watched();
  const greedy = raw(
    url,
    Array.from({ length: MANY }, (_, index) => wired(index + 1, index + 1 === MANY ? LAST : '')).join(''),
  );
  await until(() => begun.length === 1);
  await settled();
  expect(begun).toEqual([1]);
  const modest = raw(url, wired(17, LAST));
  await until(() => begun.length === 2);
  expect(begun).toEqual([1, 17]);
  open();
  expect(await modest).toMatch(/^HTTP\/1\.1 200 /);
  const said = (await greedy).split(/(?=HTTP\/1\.1 \d{3} )/);
  expect(said.map((each) => /^HTTP\/1\.1 (\d+)/.exec(each)?.[1])).toEqual(Array(MANY).fill('200'));
  expect(seen.most).toBeLessThanOrEqual(2);
  // 17 was made for the other one.
  expect(begun.filter((series) => series !== 17)).toEqual(
    Array.from({ length: MANY }, (_, index) => index + 1).filter((series) => series !== 17),
  );
});

test('nothing is asked for who has gone: neither what waits for a place nor what waits behind it', async () => {
  const { app, url, begun, open } = await watched();
  const stay = Array.from({ length: 8 }, (_, index) => raw(url, wired(index + 1, LAST)));
  await until(() => begun.length === 8);
  const leave = Array.from({ length: 10 }, (_, index) =>
    opened(url, () => leave[index]?.write(wired(11 + index) + wired(31 + index))),
  );
  await settled();
  const shares = raw(url, wired(11, LAST));
  await settled();
  for (const socket of leave) socket.destroy();
  await settled();
  open();
  for (const said of await Promise.all([...stay, shares])) expect(said).toMatch(/^HTTP\/1\.1 200 /);
  expect((await app.inject('/api/v1/trend?series=12')).statusCode).toBe(200);
  expect(begun.slice(8)).toEqual([11, 12]);
});

test('who has gone leaves nothing behind, whether he was being answered or waited', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const { url, begun, seen, open } = await watched();
  const before = timers();
  const leave = Array.from({ length: 30 }, (_, index) =>
    opened(url, () => leave[index]?.write(wired(1 + (index % 8)) + wired(9).repeat(20))),
  );
  await until(() => begun.length === 8);
  for (const socket of leave) socket.destroy();
  await settled();
  open();
  await until(() => begun.length === 8 && seen.now === 0);
  await settled();
  expect(begun).toHaveLength(8);
  expect(timers()).toBeLessThan(before + 5);
});

test('who sends more than a hundred questions without waiting for an answer is let go, the others are not', async () => {
  const { url, begun, open } = await watched();
  const others = raw(url, wired(2, LAST));
  await until(() => begun.length === 1);
  expect(await raw(url, wired(1).repeat(200))).toBe('');
  open();
  expect(await others).toMatch(/^HTTP\/1\.1 200 /);
});

test('listeners of the live stream take no place', async () => {
  const { url, open } = await watched();
  open();
  const listeners = Array.from({ length: 20 }, () => new AbortController());
  for (const { signal } of listeners) {
    const { body } = await fetch(`${url}api/v1/live/stream`, { signal });
    await body?.getReader().read();
  }
  expect((await fetch(`${url}api/v1/trend`)).status).toBe(200);
  for (const listener of listeners) listener.abort();
});

test('who came first is answered first, and a failure keeps no place', async () => {
  const places = createPlaces(2);
  const begun: number[] = [];
  const one = (number: number) =>
    places(
      async () => {
        begun.push(number);
        await sleep(1);
        if (number === 3) throw new Error('away');
      },
      () => number !== 4,
    );
  const all = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(one));
  expect(begun).toEqual([1, 2, 3, 5, 6]);
  expect(all.flatMap(({ status }, index) => (status === 'rejected' ? [index + 1] : []))).toEqual([3, 4]);
});

test('too many who ask and leave are refused before they are a burden', async () => {
  const places = createPlaces(1, 2);
  let end = () => {};
  const held = places(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
    () => true,
  );
  await sleep(0);
  const waiting = [
    places(
      async () => 1,
      () => false,
    ),
    places(
      async () => 2,
      () => true,
    ),
  ];
  await expect(
    places(
      async () => 3,
      () => true,
    ),
  ).rejects.toMatchObject({ statusCode: 429 });
  end();
  await held;
  expect(await Promise.allSettled(waiting)).toMatchObject([{ status: 'rejected' }, { value: 2 }]);
  expect(
    await places(
      async () => 4,
      () => true,
    ),
  ).toBe(4);
});

test('answers are kept by their bytes, the one used last the longest', async () => {
  const cache = createAnswerCache(createPlaces(), 90_000);
  let made = 0;
  const ask = async (tag: string) => {
    const before = made;
    const client = new AbortController().signal;
    await cache.get(tag, client, async () => ({ body: `${++made} ${'の'.repeat(3_000)}`, name: undefined }));
    return made > before;
  };
  const tags = Array.from({ length: 9 }, (_, index) => `tag ${index}`);
  for (const tag of tags) expect(await ask(tag)).toBe(true);
  expect(await ask('tag 0')).toBe(false);
  expect(await ask('tag 9')).toBe(true);
  expect(await ask('tag 0')).toBe(false);
  expect(await ask('tag 1')).toBe(true);
});
