// The sentences below the chart that explain it by itself, and the description that screen readers read.
import type { Lang, SurveyChoice, YearlyReport } from '../report/shape.ts';
import { groupName } from './names.ts';
import { count, coveragePercent, wholePercent } from './numbers.ts';
import { WORDS } from './text.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const SENSORS_NAMED = 6;

/** One string; the chart wraps it to its width. */
export function captionText(report: YearlyReport, lang: Lang): string {
  return (lang === 'ja' ? japanese(report) : english(report)).filter(Boolean).join(lang === 'ja' ? '' : ' ');
}

function english(report: YearlyReport): string[] {
  const [from, to] = report.months;
  const { minPorts, minPacketsPerAddress: rate } = report.surveyRule;
  const survey = `sources that within one day probed at least ${minPorts} ports with at least ${rate} ${rate === 1 ? 'packet' : 'packets'} per monitored address`;
  const choice: Record<SurveyChoice, string> = {
    exclude: `Survey scans are left out (${survey}).`,
    include: `Survey scans are counted too (${survey}).`,
    only: `Only survey scans are counted (${survey}).`,
  };
  return [
    `Period: ${from === to ? MONTHS[from - 1] : `${MONTHS[from - 1]} to ${MONTHS[to - 1]}`} of each year.`,
    report.sensors.length > 0 ? `Sensors: ${sensorList(report.sensors, ', ', (more) => ` and ${more} more`)}.` : '',
    'Only scan packets are counted; backscatter and other traffic are kept apart.',
    choice[report.survey],
    `The ${report.top} ports with the most packets are chosen afresh each year; all others are “other”.`,
    `Bar length: ${report.normalise === 'perAddress' ? 'packets per monitored address' : 'packets'} relative to ${report.base}.`,
    `Time observed: ${report.years.map((year) => `${year.year} ${coveragePercent(year.coverage)}`).join(', ')}.`,
    `Grouping: ${report.scheme}; port rules: ${report.rulesVersions.join(', ') || '–'}.`,
  ];
}

function japanese(report: YearlyReport): string[] {
  const [from, to] = report.months;
  const { minPorts, minPacketsPerAddress } = report.surveyRule;
  const survey = `1日に${minPorts}種類以上のポートへ監視アドレス1つあたり${minPacketsPerAddress}パケット以上を送った送信元`;
  const choice: Record<SurveyChoice, string> = {
    exclude: `調査目的のスキャン（${survey}）を除く。`,
    include: `調査目的のスキャン（${survey}）を含む。`,
    only: `調査目的のスキャン（${survey}）のみ。`,
  };
  return [
    `対象期間：各年${from === to ? `${from}月` : `${from}月〜${to}月`}。`,
    report.sensors.length > 0 ? `センサー：${sensorList(report.sensors, '、', (more) => ` ほか${more}`)}。` : '',
    'スキャンのパケットを集計し、バックスキャッタ等は別に扱う。',
    choice[report.survey],
    `上位${report.top}ポートは年ごとに選び、それ以外を「その他」とする。`,
    `棒の長さは${report.base}年を100%とする${report.normalise === 'perAddress' ? '監視アドレス1つあたりの' : ''}パケット数。`,
    `観測できた時間の割合：${report.years.map((year) => `${year.year}年 ${coveragePercent(year.coverage)}`).join('、')}。`,
    `分類：${report.scheme}、ポート分類表の版：${report.rulesVersions.join('、') || '–'}。`,
  ];
}

function sensorList(sensors: string[], comma: string, rest: (more: number) => string): string {
  const named = sensors.slice(0, SENSORS_NAMED).join(comma);
  const more = sensors.length - SENSORS_NAMED;
  return more > 0 ? named + rest(more) : named;
}

/** `2019: attacks on IoT devices 49%, …; 152.9 billion packets.` for every year. */
export function descriptionText(report: YearlyReport, lang: Lang): string {
  const years = report.years.map((year) => {
    const shares = year.groups.map(
      (group) => `${groupName(group.group, lang, report.top)} ${wholePercent(group.share)}`,
    );
    const total = lang === 'ja' ? `${count(year.packets, lang)}パケット。` : `${count(year.packets, lang)} packets.`;
    return `${WORDS[lang].year(year.year)}: ${shares.join(lang === 'ja' ? '、' : ', ')}; ${total}`;
  });
  return [WORDS[lang].lengths(report.base, report.normalise === 'perAddress'), ...years].join(' ');
}
