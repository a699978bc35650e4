// The table of a year's top ports: rank and rank the year before, the months as a sparkline, distinct sources; newcomers, and what left.
import { categoryName } from '../../charts/names.ts';
import { exactly, percent } from '../../charts/numbers.ts';
import { paletteOf } from '../../charts/palette.ts';
import { sparkline } from '../../charts/sparkline.ts';
import type { ReportPort, ReportYear, YearlyReport } from '../../report/shape.ts';
import { addRow, type Column, startTable } from '../cells.ts';
import type { Context } from '../context.ts';
import { choiceGroup, emptied, type Parent } from '../controls.ts';
import { YEARS_WORDS, type YearsWords } from '../words/years.ts';

export function drawPorts(parent: Parent, report: YearlyReport, context: Context): void {
  const section = parent.append('section').attr('id', 'ports-section').attr('aria-labelledby', 'ports-title');
  if (section.node()) drawPortsOf(report, context, report.years.at(-1)?.year);
}

function drawPortsOf(report: YearlyReport, context: Context, shown: number | undefined): void {
  const section = emptied('ports-section');
  const words = YEARS_WORDS[context.lang];
  const index = report.years.findIndex(({ year }) => year === shown);
  const year = report.years[index];
  if (!year) return;
  section.append('h2').attr('id', 'ports-title').text(words.ports(report.top));
  if (report.years.length > 1) {
    const options = report.years.map((each) => ({ value: String(each.year), label: String(each.year) }));
    const choice = { name: 'portsYear', legend: words.portsYear, options, chosen: [String(year.year)] };
    choiceGroup(section, { kind: 'radio', ...choice }, ([value]) => {
      drawPortsOf(report, context, Number(value));
      document.querySelector<HTMLInputElement>('input[name=portsYear]:checked')?.focus();
    });
  }
  if (year.topPorts.length === 0) {
    section.append('p').text(words.noPorts);
    return;
  }
  const before = report.years[index - 1];
  if (before) drawComings(section, year, before.year, context);
  drawTable(section, report, year, before !== undefined, context);
}

/** Which ports are new in the top, and which are no longer in it. */
function drawComings(section: Parent, year: ReportYear, before: number, context: Context): void {
  const words = YEARS_WORDS[context.lang];
  const nameOf = ({ proto, dstPort }: { proto: string; dstPort: number }) => `${proto}/${dstPort}`;
  const newcomers = year.topPorts.filter(
    ({ previousRank }) => previousRank === null || previousRank > year.topPorts.length,
  );
  const comings: [string, string, string[]][] = [
    ['newcomers', words.newcomers(before), newcomers.map((port) => nameOf(port))],
    [
      'leavers',
      words.leavers(before),
      year.leftPorts.map((port) => `${nameOf(port)} (${words.wasRank(port.previousRank)})`),
    ],
  ];
  const list = section.append('dl').attr('class', 'comings');
  for (const [id, title, ports] of comings) {
    list.append('dt').text(title);
    const line = list.append('dd').attr('id', id);
    if (ports.length === 0) line.text(words.none);
    for (const [index, port] of ports.entries()) {
      if (index > 0) line.append('span').text(context.lang === 'ja' ? '、' : ', ');
      line
        .append('a')
        .attr('href', context.link('port', { port: port.split(' ')[0] ?? '' }))
        .text(port);
    }
  }
}

function drawTable(
  section: Parent,
  report: YearlyReport,
  year: ReportYear,
  hasBefore: boolean,
  context: Context,
): void {
  const { lang } = context;
  const words = YEARS_WORDS[lang];
  const columns = columnsOf(words);
  const table = startTable(section, 'ports', `${words.ports(report.top)}, ${year.year}`, columns);
  const palette = paletteOf(year.topPorts.map((port) => port.category));
  for (const port of year.topPorts) {
    const colour = palette.get(port.category) ?? '';
    const row = addRow(table, columns, cellsOf(port, words, hasBefore));
    const name = `${port.proto}/${port.dstPort}`;
    row
      .select('td:nth-child(3)')
      .text(null)
      .append('a')
      .attr('href', context.link('port', { port: name }))
      .text(name);
    const category = row.select('td:nth-child(4)').text(null);
    const chip = category.append('svg').attr('class', 'chip').attr('viewBox', '0 0 10 10').attr('aria-hidden', 'true');
    chip.append('rect').attr('width', 10).attr('height', 10).attr('fill', colour);
    category.append('span').text(categoryName(port.category, lang));
    const months = row.select<HTMLElement>('td:nth-child(7)').text(null);
    months.node()?.append(sparkline(document, port.months, `${name} ${words.monthly}`, '#5b7fa6'));
  }
}

function columnsOf(words: YearsWords): Column[] {
  return [
    { title: words.rank, number: true },
    { title: words.before },
    { title: words.port },
    { title: words.category },
    { title: words.packetsColumn, number: true },
    { title: words.share, number: true },
    { title: words.monthly },
    { title: words.sources, number: true },
  ];
}

function cellsOf(port: ReportPort, words: YearsWords, hasBefore: boolean): string[] {
  return [
    String(port.rank),
    hasBefore ? rankChange(port, words) : '–',
    '',
    '',
    exactly(port.packets),
    percent(port.share),
    '',
    port.sources === null ? '–' : exactly(port.sources),
  ];
}

function rankChange({ rank, previousRank }: ReportPort, words: YearsWords): string {
  if (previousRank === null) return words.fresh;
  if (previousRank === rank) return `＝ ${previousRank}`;
  return `${previousRank > rank ? '▲' : '▼'} ${previousRank}`;
}
