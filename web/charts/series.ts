// What the series of charts over time are called, and their colours.
import type { Lang } from '../report/shape.ts';
import type { TrendBy } from '../report/shape-range.ts';
import { kindName } from './explain.ts';
import { groupName } from './names.ts';
import { paletteOf } from './palette.ts';

const NAMES: Record<Lang, Record<string, string>> = {
  en: {
    rest: 'All others',
    none: 'No mark of a tool',
    mirai: 'Mirai',
    masscan: 'Masscan',
    zmap: 'ZMap',
    'class/other': 'Not survey scanners',
    'class/surveySuspected': 'Survey scanners, by behaviour',
    'class/surveyKnown': 'Survey scanners, known',
    'category/other': 'Ports without a category',
    'category/services': 'Services (DNS, FTP, mail, …)',
    'category/crypto': 'Crypto-currency',
  },
  ja: {
    rest: 'その他すべて',
    none: 'ツールの特徴なし',
    mirai: 'Mirai',
    masscan: 'Masscan',
    zmap: 'ZMap',
    'class/other': '調査目的以外',
    'class/surveySuspected': '調査目的（挙動による）',
    'class/surveyKnown': '調査目的（既知）',
    'category/other': '分類のないポート',
    'category/services': '各種サービス（DNS、FTP、メール等）',
    'category/crypto': '仮想通貨',
  },
};

export function seriesName(series: string, by: TrendBy, lang: Lang): string {
  const names = NAMES[lang];
  if (by === 'kind' && series !== 'rest') return kindName(series as 'scan', lang);
  if (by === 'scanClass') return names[`class/${series}`] ?? names[series] ?? series;
  if (by === 'category') return names[`category/${series}`] ?? names[series] ?? groupName(series, lang, 0);
  return names[series] ?? series;
}

const FIXED: Record<string, string> = {
  rest: '#c6cad0',
  none: '#c6cad0',
  mirai: '#b8472a',
  masscan: '#2a9d80',
  zmap: '#e8b93e',
  scan: '#0b3b6c',
  backscatter: '#b8472a',
  'scanClass/other': '#0b3b6c',
  surveySuspected: '#e8b93e',
  surveyKnown: '#2a9d80',
};
/** For ports, whose number is not known beforehand: after Okabe and Ito, neighbours far apart in lightness. */
const PORTS = ['#0b3b6c', '#e8b93e', '#2a9d80', '#b8472a', '#56a5dc', '#7a3b84', '#8fbf5f', '#efb29b', '#5a6b7b'];

export function seriesColours(series: readonly string[], by: TrendBy): string[] {
  const categories = paletteOf([...series]);
  let next = 0;
  return series.map((name) => {
    const fixed = FIXED[`${by}/${name}`] ?? FIXED[name];
    if (fixed) return fixed;
    if (by === 'category') return categories.get(name) as string;
    return PORTS[next++ % PORTS.length] as string;
  });
}

/** Pale greys would vanish as thin lines. */
export function lineColour(colour: string): string {
  return colour === '#c6cad0' || colour === '#dcdfe3' ? '#8b9097' : colour;
}
