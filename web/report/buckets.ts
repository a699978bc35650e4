// The buckets of a span of days: how long, how many, what they are called.
import type { RangeInstants, RangeScope } from '../../store/questions/range.ts';
import { UsageError } from '../../store/usage-error.ts';
import { addDays, DAY_MS, daysBetween } from './days.ts';
import type { TrendScale } from './shape-range.ts';

/** Longest span, in days, that each scale is drawn for by itself, and that it may be asked for. */
const SCALES: { scale: TrendScale; upTo: number; most: number }[] = [
  { scale: 'minute', upTo: 1, most: 3 },
  { scale: 'hour', upTo: 14, most: 93 },
  { scale: 'day', upTo: 800, most: 11 * 366 },
  { scale: 'month', upTo: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY },
];

export function scaleFor(from: string, to: string): TrendScale {
  const days = daysBetween(from, to);
  return (SCALES.find(({ upTo }) => days <= upTo) as (typeof SCALES)[number]).scale;
}

/** @throws UsageError when there would be too many */
export function bucketsOf(scale: TrendScale, { from, to }: RangeScope, { start, end }: RangeInstants): string[] {
  const days = daysBetween(from, to);
  const most = SCALES.find((each) => each.scale === scale)?.most ?? 0;
  if (days > most) throw new UsageError(`scale=${scale}: at most ${most} days at once, not ${days}`);
  if (scale === 'day') return Array.from({ length: days }, (_, index) => addDays(from, index));
  if (scale === 'month') return monthsBetween(from, to);
  const step = scale === 'hour' ? 3_600 : 60;
  return Array.from({ length: Math.round((end - start) / step) }, (_, index) =>
    new Date((start + index * step) * 1000).toISOString().replace('.000', ''),
  );
}

function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = `${from.slice(0, 7)}-01`; month <= to; month = monthAfter(month)) months.push(month);
  return months;
}

function monthAfter(month: string): string {
  return `${addDays(month, 31).slice(0, 7)}-01`;
}

/** Of the part of the bucket that lies within the span; days that are longer or shorter by an hour count as 24 hours. */
export function secondsOfBucket(bucket: string, scale: TrendScale, { from, to }: RangeScope): number {
  if (scale === 'minute') return 60;
  if (scale === 'hour') return 3_600;
  if (scale === 'day') return DAY_MS / 1000;
  const first = bucket < from ? from : bucket;
  const last = addDays(monthAfter(bucket), -1);
  return (daysBetween(first, last > to ? to : last) * DAY_MS) / 1000;
}

/** The same calendar day one year earlier; 29 February becomes the 28th. */
export function yearsBefore(day: string): string {
  const year = String(Number(day.slice(0, 4)) - 1).padStart(4, '0');
  const moved = `${year}${day.slice(4)}`;
  return moved.endsWith('-02-29') ? `${year}-02-28` : moved;
}

/** What the bucket is called one year later; undefined for 29 February. */
export function yearLater(bucket: string): string | undefined {
  const moved = `${String(Number(bucket.slice(0, 4)) + 1).padStart(4, '0')}${bucket.slice(4)}`;
  return bucket.slice(5, 10) === '02-29' ? undefined : moved;
}
