// When the sensor listens: every hour of 2019 and 2020 but for one outage, and how busy each month is.
import type { CapturedFrame } from './captures.ts';

export type Year = 2019 | 2020;
export const years: readonly Year[] = [2019, 2020];
export const months = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;

/** 36 hours in which nothing is captured: 2019-10-14T18:00Z to 2019-10-16T06:00Z. */
export const outage = { from: Date.UTC(2019, 9, 14, 18), to: Date.UTC(2019, 9, 16, 6) } as const;

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

const busyness: Record<Year, readonly number[]> = {
  2019: [0.95, 0.93, 0.97, 1.02, 0.98, 0.96, 1.03, 1.06, 1.02, 1.0, 1.03, 1.05],
  2020: [0.86, 0.88, 0.91, 0.95, 0.98, 1.0, 1.02, 1.05, 1.06, 1.08, 1.1, 1.11],
};

/** The starts (ms since 1970) of all observed hours of a month. */
export function observedHours(year: Year, month: number): number[] {
  const hours: number[] = [];
  for (let hour = Date.UTC(year, month); hour < Date.UTC(year, month + 1); hour += hourMs) {
    if (hour < outage.from || hour >= outage.to) hours.push(hour);
  }
  return hours;
}

/** The starts (ms since 1970) of all days of a month that were observed whole. */
export function wholeDays(year: Year, month: number): number[] {
  const days: number[] = [];
  for (let day = Date.UTC(year, month); day < Date.UTC(year, month + 1); day += dayMs) {
    if (day + dayMs <= outage.from || day >= outage.to) days.push(day);
  }
  return days;
}

/** How the year's traffic falls on its months; `season` leans it towards some of them. */
export function monthWeights(year: Year, season: (month: number) => number = () => 1): number[] {
  return months.map((month) => busyness[year][month]! * observedHours(year, month).length * season(month));
}

/** A frame with its time, given in whole milliseconds since 1970. */
export function capturedAt(ms: number, frame: Uint8Array): CapturedFrame {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000, frame };
}
