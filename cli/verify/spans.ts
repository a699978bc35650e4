// Sets of hours or days as spans of whole numbers: millions of units need a few spans.

/** From `from` on, up to and without `to`. */
export interface Span {
  from: number;
  to: number;
}

/** The same numbers as spans that neither touch nor overlap, ascending. */
export function union(spans: Iterable<Span>): Span[] {
  const sorted = [...spans].filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  const joined: Span[] = [];
  for (const { from, to } of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

/** What lies in one and in the other. Both as `union` gives them. */
export function common(one: readonly Span[], other: readonly Span[]): Span[] {
  const both: Span[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const a = one[i];
    const b = other[j];
    if (a === undefined || b === undefined) return both;
    const from = Math.max(a.from, b.from);
    const to = Math.min(a.to, b.to);
    if (from < to) both.push({ from, to });
    if (a.to < b.to) i++;
    else j++;
  }
}

/** What lies in one and not in the other. Both as `union` gives them. */
export function without(one: readonly Span[], other: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let from = Number.NEGATIVE_INFINITY;
  for (const span of other) {
    gaps.push({ from, to: span.from });
    from = span.to;
  }
  gaps.push({ from, to: Number.POSITIVE_INFINITY });
  return common(one, gaps);
}

/** Whether a number lies in the spans, which are as `union` gives them. */
export function holds(spans: readonly Span[], value: number): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).to <= value) low = middle + 1;
    else high = middle;
  }
  return (spans[low]?.from ?? Number.POSITIVE_INFINITY) <= value;
}
