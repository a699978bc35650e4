// `status --files`: the account of every file, what needs a look first.
import type { Connection } from '../../store/database.ts';
import { type FileAccount, type FileTotals, fileAccounts, fileTotals } from '../../store/questions/files.ts';
import { count, tableText } from '../table.ts';
import { fatesText, moreText, numberColumns } from './accounts.ts';

export interface FilesStatus {
  balanced: boolean;
  totals: FileTotals[];
  files: FileAccount[];
}

/** @param limit files of each sensor; 0 for all */
export async function readFilesStatus(db: Connection, sensors: readonly string[], limit: number): Promise<FilesStatus> {
  const [totals, files] = await Promise.all([fileTotals(db, sensors), fileAccounts(db, sensors, limit)]);
  return {
    balanced: totals.every(({ unbalanced }) => unbalanced === 0),
    totals,
    files,
  };
}

export function filesText({ balanced, totals, files }: FilesStatus): string {
  const parts = totals.map(({ sensor, files: all, damaged, unbalanced }) => {
    const shown = files.filter((file) => file.sensor === sensor);
    const wrong = [
      damaged > 0 ? `${count(damaged)} damaged` : '',
      unbalanced > 0 ? `${count(unbalanced)} do not balance` : '',
    ];
    const note = wrong.filter(Boolean).join(', ');
    return [
      `sensor ${sensor}: ${count(all)} ${all === 1 ? 'file' : 'files'}${note && `, ${note}`}\n\n`,
      tableText(
        [
          { title: 'file', cell: ({ path }: FileAccount) => path },
          ...numberColumns,
          { title: 'other fates', cell: ({ fates }) => fatesText(fates) },
          {
            title: 'remarks',
            cell: ({ damage, balanced: sound }) => [sound ? '' : 'DOES NOT BALANCE', damage].filter(Boolean).join('; '),
          },
        ],
        shown,
      ),
      moreText(all - shown.length, 'files'),
    ].join('');
  });
  const verdict = balanced ? 'the account of every file balances' : 'THE ACCOUNT DOES NOT BALANCE';
  return [...parts, `${verdict}\n`].join('\n');
}
