// The page's own words in both languages; the chart brings its own.
import type { Lang } from '../report/shape.ts';

export interface PageWords {
  tagline: string;
  colophon: string;
  download: string;
  language: string;
  theme: string;
  themes: { auto: string; light: string; dark: string };
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
  sensors: string;
  loading: string;
  drawn: (years: number[]) => string;
  noData: string;
  noDataHow: string;
  silent: string;
  failed: string;
  noYears: string;
  retry: string;
  headline: (year: number) => string;
  packets: Record<'exclude' | 'include' | 'only', string>;
  perAddress: string;
  every: string;
  surveyShare: string;
  coverage: string;
  notKnown: string;
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
  account: string;
  accountLead: string;
  balanced: string;
  unbalanced: string;
  sensor: string;
  frames: string;
  counted: string;
  fates: string;
  stored: string;
  files: string;
  damaged: (files: number) => string;
  span: string;
  none: string;
  scrollable: string;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const en: PageWords = {
  tagline: 'A network telescope: what arrives at addresses where nobody is.',
  colophon: 'Exact counts from darknet captures. Every frame read is counted or has a reason why not.',
  download: 'Download the chart',
  language: 'Language',
  theme: 'Appearance',
  themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
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
  sensors: 'Sensors',
  loading: 'Asking the store …',
  drawn: (years) => `Chart drawn for ${years.join(', ')}.`,
  noData: 'There is no data yet.',
  noDataHow: 'Read captures in with “umbrascope ingest FILE…”, then look again.',
  silent: 'The server does not answer.',
  failed: 'The store could not answer; the log of the server says why.',
  noYears: 'Choose at least one year.',
  retry: 'Try again',
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
  notKnown: 'not known',
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
  account: 'The account of all frames',
  accountLead:
    'Frames read = counted + not counted, and what is stored = counted. Over all captures, whatever is chosen above.',
  balanced: 'It balances.',
  unbalanced: 'It does not balance: figures above may be wrong.',
  sensor: 'Sensor',
  frames: 'Frames read',
  counted: 'Counted',
  fates: 'Not counted, and why',
  stored: 'Stored',
  files: 'Files',
  damaged: (files) => `${files} damaged`,
  span: 'First – last packet (UTC)',
  none: 'none',
  scrollable: 'Chart, scrolls sideways when it is wider than the window',
};

const ja: PageWords = {
  tagline: '誰もいないアドレスに届く通信を観測する、ネットワーク望遠鏡',
  colophon: 'ダークネットの記録から正確に集計。読み込んだフレームはすべて集計され、されないものには理由が付きます。',
  download: '図をダウンロード',
  language: '言語',
  theme: '配色',
  themes: { auto: 'システムに従う', light: 'ライト', dark: 'ダーク' },
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
  sensors: 'センサー',
  loading: '集計中…',
  drawn: (years) => `${years.join('、')}年の図を表示しました。`,
  noData: 'データがまだありません。',
  noDataHow: '「umbrascope ingest ファイル…」で記録を読み込んでから、もう一度お試しください。',
  silent: 'サーバーが応答しません。',
  failed: 'データベースから答えが得られません。理由はサーバーのログにあります。',
  noYears: '年を1つ以上選んでください。',
  retry: 'もう一度試す',
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
  notKnown: '不明',
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
  account: '全フレームの収支',
  accountLead: '読み込んだフレーム＝集計＋集計外、保存＝集計。上の選択によらず、すべての記録についての収支です。',
  balanced: '収支は一致しています。',
  unbalanced: '収支が一致しません。上の数値は誤っている可能性があります。',
  sensor: 'センサー',
  frames: '読み込み',
  counted: '集計',
  fates: '集計外とその理由',
  stored: '保存',
  files: 'ファイル',
  damaged: (files) => `うち破損${files}`,
  span: '最初と最後のパケット（UTC）',
  none: 'なし',
  scrollable: '図（画面より広い場合は横にスクロールできます）',
};

export const PAGE_WORDS: Record<Lang, PageWords> = { en, ja };

/** Why a frame was not counted, as the account prints it; reasons without words here are shown by name. */
export const FATE_WORDS: Record<Lang, Record<string, string>> = {
  en: {
    truncated: 'header cut off',
    notIp: 'not IP',
    badHeader: 'contradictory header',
    laterFragment: 'later fragment',
    unsupportedLink: 'unknown link type',
    badTime: 'impossible time',
    outsideDarknet: 'outside the darknet',
  },
  ja: {
    truncated: 'ヘッダー欠落',
    notIp: 'IP以外',
    badHeader: 'ヘッダー矛盾',
    laterFragment: '後続フラグメント',
    unsupportedLink: '未対応リンク種別',
    badTime: '時刻異常',
    outsideDarknet: '監視対象外',
  },
};

export const SCHEME_WORDS: Record<Lang, Record<string, string>> = {
  en: { 'mic-2020': 'Ministry’s five groups (2020)', 'mic-2023': 'With HTTP(S) apart (2023)', full: 'Every category' },
  ja: { 'mic-2020': '総務省の5分類（2020）', 'mic-2023': 'HTTP(S)を分離（2023）', full: 'すべての分類' },
};
