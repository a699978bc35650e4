// The words around every view, in both languages.
import type { Lang } from '../../report/shape.ts';
import type { ViewName } from '../../views.ts';

export interface FrameWords {
  tagline: string;
  colophon: string;
  skip: string;
  viewsLabel: string;
  views: Record<ViewName, string>;
  language: string;
  theme: string;
  themes: { auto: string; light: string; dark: string };
  download: string;
  scrollable: string;
  loading: string;
  noData: string;
  noDataHow: string;
  silent: string;
  failed: string;
  again: string;
  retry: string;
  token: string;
  tokenWanted: string;
  tokenWrong: string;
  logIn: string;
  span: string;
  from: string;
  to: string;
  lastDays: (days: number) => string;
  everything: string;
  sensors: string;
  group: string;
  noGroup: string;
  notKnown: string;
}

const en: FrameWords = {
  tagline: 'A network telescope: what arrives at addresses where nobody is.',
  colophon: 'Exact counts from darknet captures. Every frame read is counted or has a reason why not.',
  skip: 'Skip to the content',
  viewsLabel: 'Views',
  views: {
    years: 'Year on year',
    trends: 'Trends',
    port: 'Port',
    sources: 'Sources',
    backscatter: 'Backscatter',
    map: 'Address map',
    live: 'Live',
    account: 'Account',
  },
  language: 'Language',
  theme: 'Appearance',
  themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
  download: 'Download',
  scrollable: 'scrolls sideways when it is wider than the window',
  loading: 'Asking the store …',
  noData: 'There is no data yet.',
  noDataHow: 'Read captures in with “umbrascope ingest FILE…”; they will show here.',
  silent: 'The server does not answer.',
  failed: 'The database does not answer; the log of the server says why.',
  again: 'The page tries again by itself.',
  retry: 'Try again now',
  token: 'Token',
  tokenWanted: 'This telescope is shown to those who have its token.',
  tokenWrong: 'That is not the token.',
  logIn: 'Log in',
  span: 'Span',
  from: 'from',
  to: 'to',
  lastDays: (days) => `Last ${days} days`,
  everything: 'All',
  sensors: 'Sensors',
  group: 'Group',
  noGroup: 'none',
  notKnown: 'not known',
};

const ja: FrameWords = {
  tagline: '誰もいないアドレスに届く通信を観測する、ネットワーク望遠鏡',
  colophon: 'ダークネットの記録から正確に集計。読み込んだフレームはすべて集計され、されないものには理由が付きます。',
  skip: '本文へ移動',
  viewsLabel: '表示の切り替え',
  views: {
    years: '年次比較',
    trends: '推移',
    port: 'ポート',
    sources: '送信元',
    backscatter: 'バックスキャッタ',
    map: 'アドレス地図',
    live: 'ライブ',
    account: '収支',
  },
  language: '言語',
  theme: '配色',
  themes: { auto: 'システムに従う', light: 'ライト', dark: 'ダーク' },
  download: 'ダウンロード',
  scrollable: '画面より広い場合は横にスクロールできます',
  loading: '集計中…',
  noData: 'データがまだありません。',
  noDataHow: '「umbrascope ingest ファイル…」で記録を読み込むと、ここに表示されます。',
  silent: 'サーバーが応答しません。',
  failed: 'データベースが応答しません。理由はサーバーのログにあります。',
  again: '自動的に再試行します。',
  retry: '今すぐ再試行',
  token: 'トークン',
  tokenWanted: 'この望遠鏡の閲覧にはトークンが必要です。',
  tokenWrong: 'トークンが違います。',
  logIn: 'ログイン',
  span: '期間',
  from: 'から',
  to: 'まで',
  lastDays: (days) => `直近${days}日`,
  everything: '全期間',
  sensors: 'センサー',
  group: 'グループ',
  noGroup: 'なし',
  notKnown: '不明',
};

export const FRAME_WORDS: Record<Lang, FrameWords> = { en, ja };
