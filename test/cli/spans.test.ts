// Spans of hours: against sets of single hours.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { common, holds, type Span, union, without } from '../../cli/verify/spans.ts';

const spans = fc.array(
  fc
    .record({ from: fc.integer({ min: 0, max: 40 }), length: fc.integer({ min: 0, max: 9 }) })
    .map(({ from, length }) => ({ from, to: from + length })),
  { maxLength: 8 },
);
const numbers = (list: readonly Span[]) =>
  new Set(list.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)));

it('are joined, cut and taken away as sets are', () => {
  fc.assert(
    fc.property(spans, spans, (a, b) => {
      const [one, other] = [union(a), union(b)];
      const [ones, others] = [numbers(a), numbers(b)];
      expect(numbers(one)).toEqual(ones);
      expect([...numbers(common(one, other))]).toEqual([...ones].filter((n) => others.has(n)).sort((x, y) => x - y));
      expect([...numbers(without(one, other))]).toEqual([...ones].filter((n) => !others.has(n)).sort((x, y) => x - y));
      for (let n = -1; n < 52; n++) expect(holds(one, n)).toBe(ones.has(n));
    }),
  );
});
