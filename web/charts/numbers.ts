// Numbers as the charts and the page print them: Japanese counts in 万 (10^4), 億 (10^8) and 兆 (10^12), English ones
// in thousand, million, billion and trillion. Shares are per cent.
import { format } from 'd3-format';
import type { Lang } from '../report/shape.ts';

export interface Unit {
  divide: number;
  /** Empty for plain counts. */
  name: string;
}

const PLAIN: Unit = { divide: 1, name: '' };
const UNITS: Record<Lang, Unit[]> = {
  ja: [
    { divide: 1e12, name: '兆' },
    { divide: 1e8, name: '億' },
    { divide: 1e4, name: '万' },
  ],
  en: [
    { divide: 1e12, name: 'trillion' },
    { divide: 1e9, name: 'billion' },
    { divide: 1e6, name: 'million' },
    { divide: 1e4, name: 'thousand' },
  ],
};

const whole = format(',.0f');
const oneDecimal = format(',.1~f');
const twoDecimals = format(',.2~f');
const threeDigits = format(',.3~r');

/** The largest unit that keeps `value` at one or more; one unit for a whole row of a table comes from its largest value. */
export function unitFor(value: number, lang: Lang): Unit {
  const unit = UNITS[lang].find((candidate) => value >= candidate.divide);
  if (!unit) return PLAIN;
  return unit.name === 'thousand' ? { divide: 1e3, name: unit.name } : unit;
}

/** Four digits at most where they matter: 1,529 · 231.5 · 17.3 · 1.19 · 0.042. */
export function inUnit(value: number, unit: Unit): string {
  const scaled = value / unit.divide;
  if (scaled === 0) return '0';
  if (unit === PLAIN && Number.isInteger(scaled)) return whole(scaled);
  if (scaled >= 999.5) return whole(scaled);
  if (scaled >= 10) return oneDecimal(scaled);
  return scaled >= 1 ? twoDecimals(scaled) : threeDigits(scaled);
}

/** All values of a table's row in one unit and with as many decimals as its largest needs: `118.8`, `182.2`. */
export function inOneUnit(values: number[], unit: Unit): string[] {
  if (unit === PLAIN && values.every(Number.isInteger)) return values.map(whole);
  const largest = Math.max(...values) / unit.divide;
  if (largest < 1) return values.map((value) => inUnit(value, unit));
  const fixed = largest >= 999.5 ? whole : largest >= 10 ? format(',.1f') : format(',.2f');
  return values.map((value) => fixed(value / unit.divide));
}

/** `231.5 billion`, `2,315億`. */
export function count(value: number, lang: Lang): string {
  const unit = unitFor(value, lang);
  return `${inUnit(value, unit)}${lang === 'en' && unit.name ? ' ' : ''}${unit.name}`;
}

/** A count to the last packet: `1,234,567`. */
export const exactly: (value: number) => string = whole;

/** A segment's label: whole per cent; what is there but rounds to nothing is not called nothing. */
export function wholePercent(share: number): string {
  return share > 0 && share < 0.5 ? '<1%' : `${Math.round(share)}%`;
}

/** Always one decimal, so that a column of them lines up. */
export function percent(share: number): string {
  return `${format('.1f')(share)}%`;
}

/** Rounded down, so that a year with a gap is never said to be whole. */
export function coveragePercent(coverage: number): string {
  return `${oneDecimal(Math.floor(coverage * 10 + 1e-9) / 10)}%`;
}

/** A span of time, in seconds unless it is hours or days long. */
export function seconds(value: number, lang: Lang): string {
  const [divide, ja, en] =
    value < 7_200 ? [1, '秒', ' s'] : value < 172_800 ? [3_600, '時間', ' h'] : [86_400, '日', ' d'];
  const scaled = value / divide;
  const digits = scaled >= 999.5 ? whole(scaled) : scaled >= 1 ? format('.1f')(scaled) : threeDigits(scaled);
  return digits + (lang === 'ja' ? ja : en);
}

/** `×1.14`: a volume as a multiple of the one before. */
export function multiple(value: number): string {
  return `×${format(value >= 100 ? ',.0f' : value >= 10 ? '.1f' : '.2f')(value)}`;
}
