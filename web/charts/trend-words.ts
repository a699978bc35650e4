// The words of charts over time, in both languages.
import type { Lang } from '../report/shape.ts';
import type { Measure, TrendBy, TrendReport, TrendScale } from '../report/shape-range.ts';
import { kindName } from './explain.ts';

interface TrendWords {
  subtitle: (report: TrendReport, stacked: boolean) => string;
  described: (report: TrendReport) => string;
  all: string;
  yearBefore: string;
  gap: string;
  partlyName: string;
  partly: (share: number) => string;
  nothing: string;
}

const SCALES: Record<Lang, Record<TrendScale, string>> = {
  en: { minute: 'per minute (UTC)', hour: 'per hour (UTC)', day: 'per day', month: 'per month' },
  ja: { minute: '1分ごと（UTC）', hour: '1時間ごと（UTC）', day: '1日ごと', month: '1か月ごと' },
};
const MEASURES: Record<Lang, Record<Measure, string>> = {
  en: { packets: 'Packets', sources: 'Distinct sources (about ±1%)' },
  ja: { packets: 'パケット数', sources: '送信元の数（誤差約1%）' },
};
const BY: Record<Lang, Record<TrendBy, string>> = {
  en: { category: 'category of port', port: 'port', kind: 'kind', scanClass: 'class of scanner', tool: 'tool' },
  ja: { category: 'ポート分類別', port: 'ポート別', kind: '種類別', scanClass: '調査目的か否か', tool: 'ツール別' },
};

export const TREND_WORDS: Record<Lang, TrendWords> = {
  en: {
    subtitle: ({ measure, scale }, stacked) =>
      `${MEASURES.en[measure]} ${SCALES.en[scale]}${stacked ? ', stacked: the upper edge is the total' : ''}`,
    described: ({ from, to, measure, scale }) => `${MEASURES.en[measure]} ${SCALES.en[scale]} from ${from} to ${to}.`,
    all: 'Total',
    yearBefore: 'Total one year earlier',
    gap: 'not observed',
    partlyName: 'partly observed',
    partly: (share) => `${Math.floor(share * 100)}% of the time observed`,
    nothing: 'No packet in this selection.',
  },
  ja: {
    subtitle: ({ measure, scale }, stacked) =>
      `${MEASURES.ja[measure]}（${SCALES.ja[scale]}）${stacked ? '　積み上げ：上端が合計' : ''}`,
    described: ({ from, to, measure, scale }) =>
      `${from}から${to}までの${MEASURES.ja[measure]}（${SCALES.ja[scale]}）。`,
    all: '合計',
    yearBefore: '前年同日の合計',
    gap: '観測なし',
    partlyName: '一部のみ観測',
    partly: (share) => `時間の${Math.floor(share * 100)}%を観測`,
    nothing: '該当するパケットがありません。',
  },
};

export function trendTitle({ kind, port, category, by }: TrendReport, lang: Lang): string {
  const what = port ?? category ?? kindName(kind, lang);
  if (lang === 'ja') return `${what}の推移（${BY.ja[by]}）`;
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} over time, by ${BY.en[by]}`;
}

export function portHistoryTitle(port: string, lang: Lang): string {
  return lang === 'ja' ? `${port}へのスキャン（全期間、月ごと）` : `Scans of ${port} by month, over all years`;
}
