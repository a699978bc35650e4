// What the questions of the year-on-year report share: their scope, and its conditions.
import { SENSORS } from './conditions.ts';

export interface YearlyScope {
  years: number[];
  /** First and last month, 1–12. */
  months: [number, number];
  sensors: string[];
  survey: 'exclude' | 'include' | 'only';
}

export const MONTHS = `${SENSORS} AND toYear(month) IN {years:Array(UInt16)} AND toMonth(month) BETWEEN {firstMonth:UInt8} AND {lastMonth:UInt8}`;
export const DAYS = `${SENSORS} AND toYear(day) IN {years:Array(UInt16)} AND toMonth(day) BETWEEN {firstMonth:UInt8} AND {lastMonth:UInt8}`;

export function parameters({ months, ...scope }: YearlyScope): Record<string, unknown> {
  return { ...scope, firstMonth: months[0], lastMonth: months[1] };
}
