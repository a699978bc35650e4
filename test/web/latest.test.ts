// What was not asked for longest goes first, by what each weighs.
import { expect, test } from 'vitest';
import { Latest } from '../../web/latest.ts';

const held = (latest: Latest<number>, keys: string) =>
  [...keys].filter((key) => latest.get(key) !== undefined).join('');

test('the longest unasked go when there is no more room', () => {
  const latest = new Latest<number>(80);
  for (const key of 'abcdefgh') latest.set(key, 1, 10);
  expect(latest.get('a')).toBe(1);
  latest.set('i', 1, 10);
  expect(held(latest, 'abcdefghi')).toBe('acdefghi');
  for (const key of 'jk') latest.set(key, 1, 5);
  expect(held(latest, 'acdefghijk')).toBe('cdefghijk');
});

test('what is too large for the others is not kept, nor is what it stands for', () => {
  const latest = new Latest<number>(80);
  latest.set('a', 1, 10);
  latest.set('a', 2, 11);
  expect(latest.get('a')).toBeUndefined();
});

test('a value in the place of another takes its own weight', () => {
  const latest = new Latest<number>(80);
  for (let i = 0; i < 100; i++) latest.set('a', i, 10);
  for (const key of 'bcdefgh') latest.set(key, 1, 10);
  expect(held(latest, 'abcdefgh')).toBe('abcdefgh');
  latest.clear();
  expect(held(latest, 'abcdefgh')).toBe('');
});
