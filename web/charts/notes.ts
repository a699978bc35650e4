// The notes that stand beside a group, computed from the rows and worded here.
import type { Lang } from '../report/shape.ts';
import { categoryName } from './names.ts';

/**
 * `aboutHalf`: the category is 40–60 % of its group; `entersTop`, `leavesTop`: its ports came into or fell out of the year's top;
 * `grows`: it has `factor` times as many packets as in the same months of the year before.
 */
export type Note =
  | { note: 'aboutHalf'; category: string }
  | { note: 'entersTop'; category: string; top: number; year: number }
  | { note: 'leavesTop'; category: string; top: number; year: number }
  | { note: 'grows'; category: string; factor: number };

export function noteText(note: Note, lang: Lang): string {
  const category = categoryName(note.category, lang);
  if (note.note === 'aboutHalf') return lang === 'ja' ? `約半数が${category}` : `about half is ${category}`;
  if (note.note === 'grows') {
    const factor = note.factor.toFixed(1);
    return lang === 'ja'
      ? `${category}は前年同期の${factor}倍`
      : `${category} ×${factor} on the same months of the year before`;
  }
  if (note.note === 'entersTop') {
    return lang === 'ja'
      ? `${category}が上位${note.top}ポートに登場(${note.year})`
      : `${category} enters the top ${note.top} in ${note.year}`;
  }
  return lang === 'ja'
    ? `${category}が上位${note.top}ポートから外れる(${note.year})`
    : `${category} leaves the top ${note.top} in ${note.year}`;
}
