// What `verify` found, as people read it.
import { bytesText } from '../../collector/progress.ts';
import type { FrameCounts } from '../../store/ledger.ts';
import { type DamagedFile, fatesSum } from '../ingest/account.ts';
import { count } from '../table.ts';
import type { RowDifference } from './compare.ts';
import type { UnitDifference } from './recount.ts';

export interface Compared {
  /** Hours or days that only these files have packets in. */
  exact: number;
  /** Those that other captures share: what is stored must be at least what was counted. */
  lowerBound: number;
  /** Days that are not finalised yet. */
  left?: number;
}

export interface Verification extends FrameCounts {
  equal: boolean;
  sensor: string;
  files: number;
  bytes: number;
  units: number;
  hours: Compared;
  days: Compared;
  /** Tables of which months were dropped: these are not compared. */
  dropped: string[];
  difference: UnitDifference | (RowDifference & { files: FileRange[]; moreFiles: number }) | null;
  notRead: DamagedFile[];
  skipped: DamagedFile[];
  seconds: number;
}

export interface FileRange {
  file: string;
  bytes: [number, number];
}

export function verificationText(found: Verification): string {
  const { sensor, files, bytes, seconds, units, frames, counted, fates, hours, days, difference } = found;
  const lines = [
    `sensor      ${sensor}`,
    `files       ${count(files)} read again (${bytesText(bytes)}) in ${seconds.toFixed(1)} s`,
    `units       ${count(units)} as the ledger has them: ${count(frames)} frames = ${count(counted)} counted + ${count(fatesSum(fates))} others`,
  ];
  if (found.skipped.length > 0) lines.push(`skipped     ${count(found.skipped.length)} files that are no captures`);
  for (const { path, damage } of found.notRead) lines.push(`NOT READ    ${path}: ${damage}`);
  if (difference === null) lines.push(comparedText('hours', hours), comparedText('days', days));
  else lines.push(...differenceText(difference));
  if (found.dropped.length > 0) lines.push(`dropped     months of ${found.dropped.join(', ')}: not compared`);
  if (found.equal) {
    const part = hours.lowerBound > 0 ? ' (where other captures share an hour: no less than them)' : '';
    lines.push(`equal: what is stored is what the files hold${part}`);
  } else if (difference === null) lines.push('NOT VERIFIED: not every file could be read');
  return `${lines.join('\n')}\n`;
}

function comparedText(what: string, { exact, lowerBound, left = 0 }: Compared): string {
  const others = lowerBound > 0 ? `, ${count(lowerBound)} as a lower bound (other captures share them)` : '';
  const notYet = left > 0 ? `; ${count(left)} not finalised yet` : '';
  return `${what.padEnd(11)} ${count(exact)} compared exactly${others}${notYet}`;
}

function differenceText(difference: NonNullable<Verification['difference']>): string[] {
  if ('file' in difference) {
    const { file, bytes, what, table, stored, counted } = difference;
    const where = bytes ? `, bytes ${bytes[0]}–${bytes[1]}` : '';
    return [
      `DIFFERENT   ${file}${where}: ${what}`,
      `            ${table}: stored ${valueText(stored)}, counted ${valueText(counted)}`,
    ];
  }
  const { table, period, at, key, column, stored, counted, shared, files, moreFiles } = difference;
  const keys = Object.entries(key).map(([name, value]) => `, ${name} ${value}`);
  const least = shared ? ' (at least)' : '';
  const lines = [
    `DIFFERENT   ${table}, ${period} ${periodText(period, at)}${keys.join('')}`,
    `            ${column}: stored ${valueText(stored)}, counted ${valueText(counted)}${least}`,
  ];
  for (const { file, bytes } of files) lines.push(`            from ${file}, bytes ${bytes[0]}–${bytes[1]}`);
  if (moreFiles > 0) lines.push(`            and ${count(moreFiles)} more`);
  return lines;
}

function valueText(value: unknown): string {
  return value === null ? 'nothing' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const HOUR_MS = 3_600_000;

function periodText(period: 'hour' | 'day', at: number): string {
  const text = new Date(at * HOUR_MS * (period === 'hour' ? 1 : 24)).toISOString();
  return period === 'hour' ? `${text.slice(0, 16)}Z` : text.slice(0, 10);
}
