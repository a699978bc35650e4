// The words of the port view in both languages.
import type { Lang } from '../../report/shape.ts';

export interface PortWords {
  proto: string;
  port: string;
  show: string;
  bad: string;
  sourcesTitle: (port: string) => string;
  packetsTitle: (port: string) => string;
  category: string;
  noReason: string;
  years: string;
  year: string;
  packets: string;
  surveyShare: string;
  sources: string;
  rank: string;
  tools: string;
  toolsNote: string;
  neighbours: string;
  neighboursNote: string;
  noNeighbours: string;
  correlation: string;
  noPackets: string;
  drawn: (port: string) => string;
}

const en: PortWords = {
  proto: 'Protocol',
  port: 'Port',
  show: 'Show',
  bad: 'A port is a number from 0 to 65535.',
  sourcesTitle: (port) => `Distinct sources scanning ${port}`,
  packetsTitle: (port) => `Scans of ${port}, survey scanners apart`,
  category: 'Category',
  noReason: 'No rule names this port.',
  years: 'Year by year',
  year: 'Year',
  packets: 'Packets',
  surveyShare: 'Of survey scanners',
  sources: 'Sources ≈',
  rank: 'Rank, survey scans left out',
  tools: 'Tools in the span',
  toolsNote: 'Mirai by packets with its mark; Masscan and ZMap where every SYN of a source’s day has it.',
  neighbours: 'Ports that move with it',
  neighboursNote:
    'Among the 100 busiest ports, those whose packets a day rise and fall with this port’s (survey scans left out).',
  noNeighbours: 'No port moves with it in this span.',
  correlation: 'Correlation',
  noPackets: 'No scan of this port was seen.',
  drawn: (port) => `${port} is shown.`,
};

const ja: PortWords = {
  proto: 'プロトコル',
  port: 'ポート',
  show: '表示',
  bad: 'ポートは0から65535までの数です。',
  sourcesTitle: (port) => `${port}をスキャンした送信元の数`,
  packetsTitle: (port) => `${port}へのスキャン（調査目的か否か）`,
  category: '分類',
  noReason: 'この番号を挙げる分類はありません。',
  years: '年ごと',
  year: '年',
  packets: 'パケット数',
  surveyShare: '調査目的の割合',
  sources: '送信元数（約）',
  rank: '順位（調査目的を除く）',
  tools: '期間中のツール',
  toolsNote: 'Miraiは特徴を持つパケット、MasscanとZMapは1日のすべてのSYNが特徴を持つ送信元。',
  neighbours: '連動するポート',
  neighboursNote: 'パケット数の多い100ポートのうち、日ごとの増減がこのポートと似たもの（調査目的のスキャンを除く）。',
  noNeighbours: 'この期間に連動するポートはありません。',
  correlation: '相関',
  noPackets: 'このポートへのスキャンは観測されていません。',
  drawn: (port) => `${port}を表示しました。`,
};

export const PORT_WORDS: Record<Lang, PortWords> = { en, ja };
