// The report as CSV: a row for each year and group, plain numbers, one header line (RFC 4180).
import { csvFormat } from 'd3-dsv';
import type { YearlyReport } from './shape.ts';

export function yearlyCsv(report: YearlyReport): string {
  const rows = report.years.flatMap(({ year, groups }) => {
    return groups.map(({ group, packets, share, length, growth }) => ({ year, group, packets, share, length, growth }));
  });
  return `${csvFormat(rows, ['year', 'group', 'packets', 'share', 'length', 'growth'])}\n`;
}
