// The table of the year's top ports, with the rank each had the year before.
import { categoryName } from '../charts/names.ts';
import { exactly, percent } from '../charts/numbers.ts';
import { paletteOf } from '../charts/palette.ts';
import type { Lang, ReportPort, YearlyReport } from '../report/shape.ts';
import { addRow, type Column, startTable } from './cells.ts';
import { choiceGroup, emptied } from './controls.ts';
import { PAGE_WORDS, type PageWords } from './words.ts';

export function drawPorts(report: YearlyReport, lang: Lang, chosen = report.years.at(-1)?.year): void {
  const section = emptied('ports-section');
  const words = PAGE_WORDS[lang];
  const index = report.years.findIndex((year) => year.year === chosen);
  const year = report.years[index];
  if (!year) return;
  section.append('h2').attr('id', 'ports-title').text(words.ports(report.top));
  if (report.years.length > 1) {
    const options = report.years.map((each) => ({ value: String(each.year), label: String(each.year) }));
    const choice = { name: 'portsYear', legend: words.portsYear, options, chosen: [String(year.year)] };
    choiceGroup(section, { kind: 'radio', ...choice }, ([value]) => {
      drawPorts(report, lang, Number(value));
      document.querySelector<HTMLInputElement>('input[name=portsYear]:checked')?.focus();
    });
  }
  if (year.topPorts.length === 0) {
    section.append('p').text(words.noPorts);
    return;
  }
  const columns = columnsOf(words);
  const table = startTable(section, 'ports', `${words.ports(report.top)}, ${year.year}`, columns);
  const palette = paletteOf(year.topPorts.map((port) => port.category));
  for (const port of year.topPorts) {
    const row = addRow(table, columns, cellsOf(port, lang, index > 0));
    const category = row.select('td:nth-child(4)').text(null);
    category.append('svg').attr('class', 'chip').attr('viewBox', '0 0 10 10').attr('aria-hidden', 'true');
    category
      .select('svg')
      .append('rect')
      .attr('width', 10)
      .attr('height', 10)
      .attr('fill', palette.get(port.category)!);
    category.append('span').text(categoryName(port.category, lang));
  }
}

function columnsOf(words: PageWords): Column[] {
  return [
    { title: words.rank, number: true },
    { title: words.before },
    { title: words.port },
    { title: words.category },
    { title: words.packetsColumn, number: true },
    { title: words.share, number: true },
    { title: words.sources, number: true },
  ];
}

function cellsOf(port: ReportPort, lang: Lang, hasYearBefore: boolean): string[] {
  const { proto, dstPort } = port;
  const rank = hasYearBefore ? rankChange(port, PAGE_WORDS[lang]) : '–';
  const where = proto === 'tcp' || proto === 'udp' ? `${proto}/${dstPort}` : `${proto} ${dstPort}`;
  return [
    String(port.rank),
    rank,
    where,
    port.category,
    exactly(port.packets),
    percent(port.share),
    exactly(port.sources),
  ];
}

function rankChange({ rank, previousRank }: ReportPort, words: PageWords): string {
  if (previousRank === null) return words.fresh;
  if (previousRank === rank) return `＝ ${previousRank}`;
  return `${previousRank > rank ? '▲' : '▼'} ${previousRank}`;
}
