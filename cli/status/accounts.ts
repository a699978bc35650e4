// What the lists of `status` have in common: an account's columns, and what a limit left out.
import type { FrameCounts } from '../../store/ledger.ts';
import { count, type TableColumn } from '../table.ts';

export const numberColumns: TableColumn<FrameCounts>[] = [
  { title: 'frames', cell: ({ frames }) => count(frames), right: true },
  { title: 'counted', cell: ({ counted }) => count(counted), right: true },
];

export function fatesText(fates: Record<string, number>): string {
  return Object.entries(fates)
    .sort()
    .map(([fate, frames]) => `${fate} ${count(frames)}`)
    .join(', ');
}

export function moreText(left: number, what: string): string {
  return left > 0 ? `… and ${count(left)} ${what} more: --limit N shows more, --json all\n` : '';
}
