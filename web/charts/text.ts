// The words of the chart in its two languages: labels of the axis and of the table's rows.
import type { Lang, SurveyChoice } from '../report/shape.ts';

interface Words {
  title: (top: number) => string;
  year: (year: number) => string;
  /** What the bars' lengths are, above the chart. */
  lengths: (base: number, perAddress: boolean) => string;
  perAddressUnit: string;
  groups: string;
  growth: string;
  packets: Record<SurveyChoice, string>;
  perAddress: string;
  secondsPerPacket: string;
  surveyShare: Record<SurveyChoice, string>;
  coverage: string;
  /** A row's unit, behind its name. */
  unit: (name: string) => string;
  notKnown: string;
  noYears: string;
}

export const WORDS: Record<Lang, Words> = {
  en: {
    title: (top) => `Attacks seen by the network telescope, by target (top ${top} ports analysed)`,
    year: String,
    lengths: (base, perAddress) =>
      `Length: ${perAddress ? 'packets per monitored address' : 'packets'}, ${base} = 100%. Labels: share of the same year.`,
    perAddressUnit: 'per address',
    groups: 'Share of the year',
    growth: '×: volume against the year before',
    packets: {
      exclude: 'Packets, survey scans left out',
      include: 'Packets, survey scans included',
      only: 'Packets of survey scans',
    },
    perAddress: 'All packets per monitored address',
    secondsPerPacket: 'An address is hit once every',
    surveyShare: {
      exclude: 'Survey scans left out, share of all packets',
      include: 'Survey scans, share of all packets',
      only: 'Survey scans, share of all packets',
    },
    coverage: 'Share of the time observed',
    unit: (name) => `, ${name}`,
    notKnown: 'n/a',
    noYears: 'No year to show.',
  },
  ja: {
    title: (top) => `ダークネットで観測された通信の内容（上位${top}ポートの分析）`,
    year: (year) => `${year}年`,
    lengths: (base, perAddress) =>
      `棒の長さ：${perAddress ? '1アドレスあたりのパケット数' : 'パケット数'}（${base}年＝100%）　数値：各年に占める割合`,
    perAddressUnit: '／アドレス',
    groups: '各年に占める割合',
    growth: '×：前年比（パケット数）',
    packets: {
      exclude: 'パケット数（調査目的スキャンを除く）',
      include: 'パケット数（調査目的スキャンを含む）',
      only: '調査目的スキャンのパケット数',
    },
    perAddress: '1アドレスあたりの全パケット数',
    secondsPerPacket: '1アドレスへの到来間隔（平均）',
    surveyShare: {
      exclude: '除外した調査目的スキャンの割合（全パケット比）',
      include: '調査目的スキャンの割合（全パケット比）',
      only: '調査目的スキャンの割合（全パケット比）',
    },
    coverage: '観測できた時間の割合',
    unit: (name) => `［${name}］`,
    notKnown: '不明',
    noYears: '表示できる年がありません。',
  },
};

/** Latin text is set in a proportional face; Kosugi's own Latin is half-width, as Japanese print likes it. */
const JAPANESE_FONTS = '"Kosugi", "Hiragino Sans", "Yu Gothic", "Noto Sans CJK JP", "Noto Sans JP", sans-serif';
export const FONTS: Record<Lang, string> = {
  ja: JAPANESE_FONTS,
  en: `"Helvetica Neue", Helvetica, Arial, "Liberation Sans", ${JAPANESE_FONTS}`,
};
