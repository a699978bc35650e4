// The words of the charts of sources and of backscatter, in both languages.
import type { Lang } from '../report/shape.ts';

export interface SourceChartWords {
  topTitle: string;
  topSubtitle: string;
  nothing: string;
  packets: string;
  days: string;
  tools: string;
  intensity: string;
  victims: string;
  victimsSubtitle: string;
  attacked: string;
  attackedSubtitle: string;
  onlyFresh: string;
}

export const SOURCE_CHART_WORDS: Record<Lang, SourceChartWords> = {
  en: {
    topTitle: 'Sources with most packets',
    topSubtitle: 'Packets in the span; yellow: survey scanners',
    nothing: 'No source in this selection.',
    packets: 'Packets',
    days: 'Days',
    tools: 'Tools',
    intensity: 'Backscatter over time, by port under attack',
    victims: 'Victims with most backscatter',
    victimsSubtitle: 'Answers of attacked hosts that reached the telescope, in packets',
    attacked: 'Ports under attack',
    attackedSubtitle: 'Packets by source port: the port that the attacked host answered from',
    onlyFresh: 'only new sources',
  },
  ja: {
    topTitle: 'パケット数の多い送信元',
    topSubtitle: '期間中のパケット数。黄色は調査目的',
    nothing: '該当する送信元がありません。',
    packets: 'パケット数',
    days: '日数',
    tools: 'ツール',
    intensity: 'バックスキャッタの推移（攻撃されたポート別）',
    victims: 'バックスキャッタの多い被害ホスト',
    victimsSubtitle: '攻撃されたホストから望遠鏡に届いた応答のパケット数',
    attacked: '攻撃されたポート',
    attackedSubtitle: '送信元ポート（攻撃されたホストが応答したポート）ごとのパケット数',
    onlyFresh: '新規のみ',
  },
};
