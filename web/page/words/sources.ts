// The words of the views of sources and of backscatter in both languages.
import type { Lang } from '../../report/shape.ts';

export interface SourcesWords {
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
  topTitle: string;
  topSubtitle: string;
  nothing: string;
  hidden: string;
  list: string;
  source: string;
  packets: string;
  days: string;
  first: string;
  last: string;
  ports: string;
  scanClass: string;
  classes: Record<string, string>;
  tools: string;
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
  intensity: string;
  victims: string;
  victimsSubtitle: string;
  attacked: string;
  attackedSubtitle: string;
  backscatterLead: string;
}

const en: SourcesWords = {
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
  topTitle: 'Sources with most packets',
  topSubtitle: 'Packets in the span; yellow: survey scanners',
  nothing: 'No source in this selection.',
  hidden: 'This server does not show addresses.',
  list: 'The list',
  source: 'Source',
  packets: 'Packets',
  days: 'Days',
  first: 'First day',
  last: 'Last day',
  ports: 'Ports a day, at most',
  scanClass: 'Class',
  classes: { other: '–', surveySuspected: 'survey, by behaviour', surveyKnown: 'survey, known' },
  tools: 'Tools',
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
  intensity: 'Backscatter over time, by port under attack',
  victims: 'Victims with most backscatter',
  victimsSubtitle: 'Answers of attacked hosts that reached the telescope, in packets',
  attacked: 'Ports under attack',
  attackedSubtitle: 'Packets by source port: the port that the attacked host answered from',
  backscatterLead:
    'Backscatter are answers of attacked hosts to packets under forged addresses. A telescope sees a share of them: an attack is larger by the ratio of all addresses to those monitored.',
};

const ja: SourcesWords = {
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
  topTitle: 'パケット数の多い送信元',
  topSubtitle: '期間中のパケット数。黄色は調査目的',
  nothing: '該当する送信元がありません。',
  hidden: 'このサーバーはアドレスを表示しません。',
  list: '一覧',
  source: '送信元',
  packets: 'パケット数',
  days: '日数',
  first: '最初の日',
  last: '最後の日',
  ports: '1日の最多ポート数',
  scanClass: '区分',
  classes: { other: '–', surveySuspected: '調査目的（挙動）', surveyKnown: '調査目的（既知）' },
  tools: 'ツール',
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
  intensity: 'バックスキャッタの推移（攻撃されたポート別）',
  victims: 'バックスキャッタの多い被害ホスト',
  victimsSubtitle: '攻撃されたホストから望遠鏡に届いた応答のパケット数',
  attacked: '攻撃されたポート',
  attackedSubtitle: '送信元ポート（攻撃されたホストが応答したポート）ごとのパケット数',
  backscatterLead:
    'バックスキャッタは、送信元を偽った攻撃パケットに対する被害ホストの応答です。望遠鏡に届くのは、全アドレスに対する監視アドレスの割合分だけです。',
};

export const SOURCES_WORDS: Record<Lang, SourcesWords> = { en, ja };
