// The latest chosen year in five figures.
import { count, coveragePercent, percent, seconds } from '../charts/numbers.ts';
import { surveyShare } from '../charts/table.ts';
import type { Lang, YearlyReport } from '../report/shape.ts';
import { emptied } from './controls.ts';
import { PAGE_WORDS } from './words.ts';

export function drawHeadline(report: YearlyReport, lang: Lang): void {
  const section = emptied('headline');
  const year = report.years.at(-1);
  if (!year) return;
  const words = PAGE_WORDS[lang];
  section.append('h2').attr('id', 'headline-title').text(words.headline(year.year));
  const { perAddress, secondsPerPacket } = year;
  const figures: [string, string][] = [
    [count(year.packets, lang), words.packets[report.survey]],
    [perAddress === null ? words.notKnown : count(perAddress, lang), words.perAddress],
    [secondsPerPacket === null ? words.notKnown : seconds(secondsPerPacket, lang), words.every],
    [percent(surveyShare(year)), words.surveyShare],
    [coveragePercent(year.coverage), words.coverage],
  ];
  const list = section.append('dl');
  for (const [value, label] of figures) {
    const pair = list.append('div');
    pair.append('dt').text(label);
    pair.append('dd').text(value);
  }
}
