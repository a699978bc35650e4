// The latest chosen year in five figures.
import { count, coveragePercent, percent, seconds } from '../../charts/numbers.ts';
import { surveyShare } from '../../charts/table.ts';
import type { Lang, YearlyReport } from '../../report/shape.ts';
import type { Parent } from '../controls.ts';
import { FRAME_WORDS } from '../words/frame.ts';
import { YEARS_WORDS } from '../words/years.ts';

export function drawHeadline(parent: Parent, report: YearlyReport, lang: Lang): void {
  const year = report.years.at(-1);
  if (!year) return;
  const section = parent
    .append('section')
    .attr('class', 'headline')
    .attr('id', 'headline')
    .attr('aria-labelledby', 'headline-title');
  const words = YEARS_WORDS[lang];
  section.append('h2').attr('id', 'headline-title').text(words.headline(year.year));
  const { perAddress, secondsPerPacket } = year;
  const figures: [string, string][] = [
    [count(year.packets, lang), words.packets[report.survey]],
    [perAddress === null ? FRAME_WORDS[lang].notKnown : count(perAddress, lang), words.perAddress],
    [secondsPerPacket === null ? FRAME_WORDS[lang].notKnown : seconds(secondsPerPacket, lang), words.every],
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
