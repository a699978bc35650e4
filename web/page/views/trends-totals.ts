// The series of a chart over time as a table: the same figures for who cannot see the picture.
import { exactly, percent } from '../../charts/numbers.ts';
import { seriesName } from '../../charts/series.ts';
import type { TrendReport } from '../../report/shape-range.ts';
import { addRow, type Column, startTable } from '../cells.ts';
import type { Context } from '../context.ts';
import type { Parent } from '../controls.ts';
import { TRENDS_WORDS } from '../words/trends.ts';

export function drawTotals(parent: Parent, report: TrendReport, context: Context): void {
  if (report.series.length === 0) return;
  const words = TRENDS_WORDS[context.lang];
  const section = parent.append('section').attr('aria-labelledby', 'totals-title');
  section.append('h2').attr('id', 'totals-title').text(words.totals);
  const columns: Column[] = [
    { title: words.seriesColumn },
    ...(report.measure === 'packets'
      ? [
          { title: words.measures.packets, number: true },
          { title: words.share, number: true },
        ]
      : []),
    { title: words.largest, number: true },
    { title: words.largestAt },
  ];
  const table = startTable(section, 'totals', words.totals, columns);
  const all = report.series.reduce((sum, { total }) => sum + total, 0);
  for (const { series, values, total } of report.series) {
    const largest = Math.max(...values.map((value) => value ?? 0));
    const at = report.buckets[values.indexOf(largest)] ?? '';
    const sums = report.measure === 'packets' ? [exactly(total), percent(all > 0 ? (100 * total) / all : 0)] : [];
    const name = seriesName(series, report.by, context.lang);
    const row = addRow(table, columns, [name, ...sums, exactly(largest), at.replace('T', ' ').replace(':00Z', '')]);
    if (report.by === 'port' && series.includes('/')) {
      row
        .select('th')
        .text(null)
        .append('a')
        .attr('href', context.link('port', { port: series }))
        .text(name);
    }
  }
}
