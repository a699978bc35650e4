// The sentences below a chart of a span of days: period, sensors, filters, coverage, rules.
import type { Lang } from '../report/shape.ts';
import type { Kind, RangeFacts } from '../report/shape-range.ts';
import { coveragePercent } from './numbers.ts';

const SENSORS_NAMED = 6;

const KINDS: Record<Lang, Record<Kind, string>> = {
  en: { scan: 'scans', backscatter: 'backscatter', other: 'other traffic', all: 'all packets' },
  ja: { scan: 'スキャン', backscatter: 'バックスキャッタ', other: 'その他の通信', all: '全パケット' },
};
const SURVEYS: Record<Lang, Record<'exclude' | 'include' | 'only', string>> = {
  en: { exclude: 'survey scanners left out', include: 'survey scanners included', only: 'only survey scanners' },
  ja: { exclude: '調査目的のスキャンを除く', include: '調査目的のスキャンを含む', only: '調査目的のスキャンのみ' },
};

export function kindName(kind: Kind, lang: Lang): string {
  return KINDS[lang][kind];
}

export interface Filters {
  kind?: Kind;
  survey?: 'exclude' | 'include' | 'only';
  /** What else was chosen, in the chart's language. */
  more?: string[];
}

/** One string; the chart wraps it to its width. */
export function rangeCaption(facts: RangeFacts, filters: Filters, lang: Lang): string {
  const { kind, survey, more = [] } = filters;
  const chosen = [...(kind ? [KINDS[lang][kind]] : []), ...(survey ? [SURVEYS[lang][survey]] : []), ...more];
  const sensors = facts.sensors.slice(0, SENSORS_NAMED).join(lang === 'ja' ? '、' : ', ');
  const left = facts.sensors.length - SENSORS_NAMED;
  const rules = facts.rulesVersions.join(', ') || '–';
  if (lang === 'ja') {
    return [
      `期間：${facts.from}〜${facts.to}（${facts.timeZone}）。`,
      `センサー：${sensors}${left > 0 ? ` ほか${left}` : ''}。`,
      chosen.length > 0 ? `対象：${chosen.join('、')}。` : '',
      `観測できた時間の割合：${coveragePercent(facts.coverage)}。`,
      `ポート分類表の版：${rules}。`,
    ].join('');
  }
  return [
    `Period: ${facts.from} to ${facts.to} (${facts.timeZone}).`,
    `Sensors: ${sensors}${left > 0 ? ` and ${left} more` : ''}.`,
    chosen.length > 0 ? `Shown: ${chosen.join('; ')}.` : '',
    `Time observed: ${coveragePercent(facts.coverage)}.`,
    `Port rules: ${rules}.`,
  ]
    .filter(Boolean)
    .join(' ');
}
