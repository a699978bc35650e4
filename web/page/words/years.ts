// The words of the year-on-year view in both languages; the chart brings its own.
import type { Lang } from '../../report/shape.ts';

export interface YearsWords {
  years: string;
  base: string;
  survey: string;
  surveys: { exclude: string; include: string; only: string };
  normalise: string;
  normalises: { total: string; perAddress: string };
  scheme: string;
  months: string;
  monthsFrom: string;
  monthsTo: string;
  month: (month: number) => string;
  drawn: (years: number[]) => string;
  noYears: string;
  headline: (year: number) => string;
  packets: Record<'exclude' | 'include' | 'only', string>;
  perAddress: string;
  every: string;
  surveyShare: string;
  coverage: string;
  ports: (top: number) => string;
  portsYear: string;
  rank: string;
  before: string;
  port: string;
  category: string;
  packetsColumn: string;
  share: string;
  sources: string;
  fresh: string;
  noPorts: string;
  monthly: string;
  newcomers: (before: number) => string;
  leavers: (before: number) => string;
  wasRank: (rank: number) => string;
  none: string;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const en: YearsWords = {
  years: 'Years',
  base: 'Base year (100%)',
  survey: 'Survey scans',
  surveys: { exclude: 'Left out', include: 'Left in', only: 'Only these' },
  normalise: 'Volume',
  normalises: { total: 'Total', perAddress: 'Per address' },
  scheme: 'Grouping',
  months: 'Months',
  monthsFrom: 'from',
  monthsTo: 'to',
  month: (month) => MONTHS[month - 1] ?? String(month),
  drawn: (years) => `Chart drawn for ${years.join(', ')}.`,
  noYears: 'Choose at least one year.',
  headline: (year) => `${year} in figures`,
  packets: {
    exclude: 'packets, survey scans left out',
    include: 'packets, survey scans included',
    only: 'packets of survey scans',
  },
  perAddress: 'packets reached each monitored address',
  every: 'passed between two packets at one address',
  surveyShare: 'of all packets are survey scans',
  coverage: 'of the time was observed',
  ports: (top) => `The top ${top} ports`,
  portsYear: 'Year',
  rank: 'Rank',
  before: 'Year before',
  port: 'Port',
  category: 'Category',
  packetsColumn: 'Packets',
  share: 'Share',
  sources: 'Sources ≈',
  fresh: 'new',
  noPorts: 'No port was hit in this selection.',
  monthly: 'By month',
  newcomers: (before) => `New in the top since ${before}`,
  leavers: (before) => `In the top of ${before}, no longer`,
  wasRank: (rank) => `was ${rank}`,
  none: 'none',
};

const ja: YearsWords = {
  years: '年',
  base: '100%とする年',
  survey: '調査目的のスキャン',
  surveys: { exclude: '除く', include: '含む', only: 'のみ' },
  normalise: '量',
  normalises: { total: '合計', perAddress: '1アドレスあたり' },
  scheme: '分類',
  months: '月',
  monthsFrom: 'から',
  monthsTo: 'まで',
  month: (month) => `${month}月`,
  drawn: (years) => `${years.join('、')}年の図を表示しました。`,
  noYears: '年を1つ以上選んでください。',
  headline: (year) => `数字で見る${year}年`,
  packets: {
    exclude: 'パケット（調査目的のスキャンを除く）',
    include: 'パケット（調査目的のスキャンを含む）',
    only: '調査目的のスキャンのパケット',
  },
  perAddress: 'パケットが監視アドレス1つに到達',
  every: 'に1回、各アドレスにパケットが到達',
  surveyShare: 'が調査目的のスキャン（全パケット比）',
  coverage: 'の時間を観測',
  ports: (top) => `上位${top}ポート`,
  portsYear: '年',
  rank: '順位',
  before: '前年',
  port: 'ポート',
  category: '分類',
  packetsColumn: 'パケット数',
  share: '割合',
  sources: '送信元数（約）',
  fresh: '新',
  noPorts: '該当するポートがありません。',
  monthly: '月別',
  newcomers: (before) => `${before}年の上位になく、新たに入ったポート`,
  leavers: (before) => `${before}年の上位から外れたポート`,
  wasRank: (rank) => `${rank}位だった`,
  none: 'なし',
};

export const YEARS_WORDS: Record<Lang, YearsWords> = { en, ja };

export const SCHEME_WORDS: Record<Lang, Record<string, string>> = {
  en: { 'mic-2020': 'Ministry’s five groups (2020)', 'mic-2023': 'With HTTP(S) apart (2023)', full: 'Every category' },
  ja: { 'mic-2020': '総務省の5分類（2020）', 'mic-2023': 'HTTP(S)を分離（2023）', full: 'すべての分類' },
};
