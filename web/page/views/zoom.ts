// From buckets that were dragged over to a span of days.
import { bucketStart, bucketsEnd } from '../../charts/time-axis.ts';
import type { TrendReport } from '../../report/shape-range.ts';
import type { Part } from '../context.ts';

/** The days of the first and the last bucket; the scale is chosen anew. */
export function zoomed({ buckets, to }: TrendReport, first: number, last: number): Part {
  const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
  const end = last + 1 < buckets.length ? bucketStart(buckets[last + 1] as string) : bucketsEnd(buckets);
  const lastDay = dayOf(end - 1);
  return { from: dayOf(bucketStart(buckets[first] as string)), to: lastDay > to ? to : lastDay, scale: null };
}
