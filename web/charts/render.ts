// The chart as a file of its own, drawn without a browser.
import { parseHTML } from 'linkedom';
import type { YearlyReport } from '../report/shape.ts';
import { type ChartOptions, yearlyChart } from './yearly.ts';

/** A complete SVG document that needs nothing else to be shown or printed. */
export function renderSvg(report: YearlyReport, options: ChartOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = yearlyChart(document as unknown as Document, report, options);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg.toString()}\n`;
}
