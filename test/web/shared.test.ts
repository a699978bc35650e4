// A shared question is asked once for all who wait, and never answered from before it was asked, or from longer ago than is allowed.
import { afterEach, expect, test, vi } from 'vitest';
import { recent, shared, untilChanged } from '../../web/shared.ts';

test('who comes while it runs gets the answer after', async () => {
  let asked = 0;
  const ends: (() => void)[] = [];
  const ask = shared(() => {
    const number = ++asked;
    return new Promise<number>((resolve) => ends.push(() => resolve(number)));
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const first = ask();
  await turn();
  const [second, third] = [ask(), ask()];
  await turn();
  expect(asked).toBe(1);
  ends[0]?.();
  expect(await first).toBe(1);
  await turn();
  ends[1]?.();
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  expect(asked).toBe(2);
});

test('a failure is told to those who waited for it, and the next is asked anew', async () => {
  let asked = 0;
  const ask = shared(async () => {
    if (++asked === 1) throw new Error('away');
    return asked;
  });
  const both = await Promise.allSettled([ask(), ask()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await ask()).toBe(2);
});

test('what only changes with the data is asked once for each state of them, and again after a failure', async () => {
  let version = '1';
  let asked = 0;
  const answer = untilChanged(
    async () => version,
    async () => {
      asked += 1;
      if (asked === 3) throw new Error('away');
      return asked;
    },
  );
  expect(await Promise.all([answer(), answer(), answer()])).toEqual([1, 1, 1]);
  version = '2';
  expect(await answer()).toBe(2);
  version = '3';
  await expect(answer()).rejects.toThrow('away');
  expect(await answer()).toBe(4);
});

afterEach(() => {
  vi.useRealTimers();
});

test('a recent answer is given again for a while, unless it is to be forgotten or was a failure', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  let asked = 0;
  const ask = recent(async () => {
    asked += 1;
    if (asked === 4) throw new Error('away');
    return asked;
  }, 250);
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  vi.advanceTimersByTime(250);
  expect(await ask()).toBe(1);
  vi.advanceTimersByTime(1);
  expect(await ask()).toBe(2);
  ask.forget();
  expect(await ask()).toBe(3);
  ask.forget();
  await expect(ask()).rejects.toThrow('away');
  expect(await ask()).toBe(5);
});

test('an answer that is not fresh is given while the next is asked for, once, until it is too old', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  let asked = 0;
  const ends: (() => void)[] = [];
  const ask = recent(
    () => {
      const number = ++asked;
      return new Promise<number>((resolve) => ends.push(() => resolve(number)));
    },
    250,
    1000,
  );
  const first = ask();
  ends[0]?.();
  expect(await first).toBe(1);
  vi.advanceTimersByTime(251);
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  expect(asked).toBe(2);
  vi.advanceTimersByTime(749);
  expect(await ask()).toBe(1);
  vi.advanceTimersByTime(1);
  const next = ask();
  expect(asked).toBe(2);
  ends[1]?.();
  expect(await next).toBe(2);
  vi.advanceTimersByTime(250);
  expect(await ask()).toBe(2);
  ask.forget();
  const anew = ask();
  ends[asked - 1]?.();
  expect(await anew).toBe(asked);
});

test('an answer that failed is not replaced by the one before for longer than that may be given', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  let asked = 0;
  const ask = recent(
    async () => {
      if (++asked === 2) throw new Error('away');
      return asked;
    },
    250,
    1000,
  );
  expect(await ask()).toBe(1);
  vi.advanceTimersByTime(251);
  expect(await ask()).toBe(1);
  vi.advanceTimersByTime(750);
  expect(await ask()).toBe(3);
});
