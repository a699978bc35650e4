// The words of the trends in both languages; the chart brings its own.
import type { Lang } from '../../report/shape.ts';

export interface TrendsWords {
  by: string;
  bys: Record<string, string>;
  measure: string;
  measures: { packets: string; sources: string };
  survey: string;
  surveys: Record<string, string>;
  kind: string;
  kinds: Record<string, string>;
  scale: string;
  scales: Record<string, string>;
  axis: string;
  axes: Record<string, string>;
  yearBefore: string;
  yesNo: Record<string, string>;
  hint: string;
  totals: string;
  seriesColumn: string;
  share: string;
  largest: string;
  largestAt: string;
  notes: string;
  noteDay: string;
  noteText: string;
  add: string;
  remove: string;
  drawn: (from: string, to: string) => string;
}

const en: TrendsWords = {
  by: 'By',
  bys: { category: 'Category', port: 'Port', kind: 'Kind', scanClass: 'Class of scanner', tool: 'Tool' },
  measure: 'Count',
  measures: { packets: 'Packets', sources: 'Distinct sources' },
  survey: 'Survey scans',
  surveys: { exclude: 'Left out', include: 'Left in', only: 'Only these' },
  kind: 'Kind',
  kinds: { scan: 'Scans', backscatter: 'Backscatter', other: 'Other', all: 'All' },
  scale: 'Steps',
  scales: { auto: 'By the span', minute: 'Minutes', hour: 'Hours', day: 'Days', month: 'Months' },
  axis: 'Axis',
  axes: { false: 'Linear', true: 'Logarithmic' },
  yearBefore: 'Year before',
  yesNo: { false: 'Hidden', true: 'Shown' },
  hint: 'Point at the chart for exact values, or walk with the arrow keys; drag over a part to zoom in. Spans up to 14 days are shown by hours, single days by minutes; there survey scans cannot be told apart.',
  totals: 'The series in figures',
  seriesColumn: 'Series',
  share: 'Share',
  largest: 'Most in one step',
  largestAt: 'When',
  notes: 'Your notes',
  noteDay: 'Day',
  noteText: 'What happened',
  add: 'Add the note',
  remove: 'Remove',
  drawn: (from, to) => `Trend from ${from} to ${to} shown.`,
};

const ja: TrendsWords = {
  by: '系列',
  bys: { category: 'ポート分類', port: 'ポート', kind: '種類', scanClass: '調査目的か否か', tool: 'ツール' },
  measure: '数える対象',
  measures: { packets: 'パケット', sources: '送信元' },
  survey: '調査目的のスキャン',
  surveys: { exclude: '除く', include: '含む', only: 'のみ' },
  kind: '種類',
  kinds: { scan: 'スキャン', backscatter: 'バックスキャッタ', other: 'その他', all: 'すべて' },
  scale: '刻み',
  scales: { auto: '期間に合わせる', minute: '分', hour: '時間', day: '日', month: '月' },
  axis: '軸',
  axes: { false: '線形', true: '対数' },
  yearBefore: '前年',
  yesNo: { false: '表示しない', true: '表示する' },
  hint: '図を指すか矢印キーで移動すると正確な値を表示し、ドラッグすると拡大します。14日以内は1時間ごと、1日のみは1分ごとに表示し、その場合は調査目的のスキャンを区別できません。',
  totals: '系列ごとの数値',
  seriesColumn: '系列',
  share: '割合',
  largest: '最大',
  largestAt: '時期',
  notes: 'メモ',
  noteDay: '日付',
  noteText: '内容',
  add: 'メモを追加',
  remove: '削除',
  drawn: (from, to) => `${from}から${to}までの推移を表示しました。`,
};

export const TRENDS_WORDS: Record<Lang, TrendsWords> = { en, ja };
