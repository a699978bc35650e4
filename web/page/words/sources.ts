// The words of the views of sources and of backscatter in both languages.
import { SOURCE_CHART_WORDS, type SourceChartWords } from '../../charts/source-words.ts';
import type { Lang } from '../../report/shape.ts';

export interface SourcesWords extends SourceChartWords {
  survey: string;
  surveys: Record<string, string>;
  kind: string;
  kinds: Record<string, string>;
  fresh: string;
  freshes: Record<string, string>;
  counts: string;
  sources: string;
  freshSources: string;
  scanners: string;
  surveyPackets: string;
  hidden: string;
  list: string;
  source: string;
  first: string;
  last: string;
  ports: string;
  scanClass: string;
  classes: Record<string, string>;
  none: string;
  story: (source: string) => string;
  back: string;
  wide: string;
  byDay: string;
  day: string;
  scans: string;
  answers: string;
  whichPorts: string;
  port: string;
  kindColumn: string;
  nothingOf: (source: string) => string;
  drawn: string;
  backscatterLead: string;
}

const en: SourcesWords = {
  ...SOURCE_CHART_WORDS.en,
  survey: 'Survey scans',
  surveys: { include: 'Left in', exclude: 'Left out', only: 'Only these' },
  kind: 'Kind',
  kinds: { scan: 'Scans', backscatter: 'Backscatter', other: 'Other', all: 'All' },
  fresh: 'Sources',
  freshes: { false: 'All', true: 'Only new ones' },
  counts: 'The span in figures',
  sources: 'sources',
  freshSources: 'of them new: on no earlier day',
  scanners: 'survey scanners',
  surveyPackets: 'of the packets are theirs',
  hidden: 'This server does not show addresses.',
  list: 'The list',
  source: 'Source',
  first: 'First day',
  last: 'Last day',
  ports: 'Ports a day, at most',
  scanClass: 'Class',
  classes: { other: '–', surveySuspected: 'survey, by behaviour', surveyKnown: 'survey, known' },
  none: '–',
  story: (source) => `The story of ${source}`,
  back: 'Back to all sources',
  wide: 'Show it over all days',
  byDay: 'Its days',
  day: 'Day',
  scans: 'Scans',
  answers: 'Backscatter',
  whichPorts: 'Its ports',
  port: 'Port',
  kindColumn: 'Kind',
  nothingOf: (source) => `${source} sent nothing in this span.`,
  drawn: 'Sources are shown.',
  backscatterLead:
    'Backscatter are answers of attacked hosts to packets under forged addresses. A telescope sees a share of them: an attack is larger by the ratio of all addresses to those monitored.',
};

const ja: SourcesWords = {
  ...SOURCE_CHART_WORDS.ja,
  survey: '調査目的のスキャン',
  surveys: { include: '含む', exclude: '除く', only: 'のみ' },
  kind: '種類',
  kinds: { scan: 'スキャン', backscatter: 'バックスキャッタ', other: 'その他', all: 'すべて' },
  fresh: '送信元',
  freshes: { false: 'すべて', true: '新規のみ' },
  counts: '数字で見る期間',
  sources: 'の送信元',
  freshSources: 'が新規（以前の日になし）',
  scanners: 'の調査目的の送信元',
  surveyPackets: 'のパケットが調査目的',
  hidden: 'このサーバーはアドレスを表示しません。',
  list: '一覧',
  source: '送信元',
  first: '最初の日',
  last: '最後の日',
  ports: '1日の最多ポート数',
  scanClass: '区分',
  classes: { other: '–', surveySuspected: '調査目的（挙動）', surveyKnown: '調査目的（既知）' },
  none: '–',
  story: (source) => `${source}の記録`,
  back: '送信元の一覧へ戻る',
  wide: '全期間で表示',
  byDay: '日ごと',
  day: '日',
  scans: 'スキャン',
  answers: 'バックスキャッタ',
  whichPorts: 'ポート',
  port: 'ポート',
  kindColumn: '種類',
  nothingOf: (source) => `この期間に${source}からの通信はありません。`,
  drawn: '送信元を表示しました。',
  backscatterLead:
    'バックスキャッタは、送信元を偽った攻撃パケットに対する被害ホストの応答です。望遠鏡に届くのは、全アドレスに対する監視アドレスの割合分だけです。',
};

export const SOURCES_WORDS: Record<Lang, SourcesWords> = { en, ja };
