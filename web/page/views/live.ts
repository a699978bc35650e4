// The live view: packets a second, in all and by category, and the last hour by minutes; drawn anew with every event.
import { exactly, percent } from '../../charts/numbers.ts';
import { seriesName } from '../../charts/series.ts';
import { trendChart, trendTip } from '../../charts/trend.ts';
import type { LiveReport } from '../../report/shape-range.ts';
import { ask } from '../api.ts';
import { addRow, startTable } from '../cells.ts';
import type { Context } from '../context.ts';
import { emptied, type Parent } from '../controls.ts';
import { say } from '../frame.ts';
import { showPicture } from '../picture.ts';
import { LIVE_WORDS } from '../words/live.ts';
import { drawLiveSensors, keepTime, lostBy, sinceText } from './live-sensors.ts';

const WIDEST = 1100;

export async function liveView(context: Context): Promise<void> {
  const { lang, signal } = context;
  const words = LIVE_WORDS[lang];
  emptied('switches');
  const titleOf = ({ stale }: LiveReport) => (stale ? words.staleTitle : words.title);
  let report = await ask<LiveReport>('api/v1/live', signal);
  if (signal.aborted) return;
  const view = emptied('view');
  const figures = view
    .append('section')
    .attr('class', 'headline')
    .attr('id', 'now')
    .attr('aria-labelledby', 'now-title') as Parent;
  const note = view.append('p').attr('class', 'lead').attr('id', 'stale');
  const picture = showPicture(
    view,
    {
      id: 'live',
      name: 'umbrascope-live',
      widest: WIDEST,
      draw: (width) => trendChart(document, report.trend, { lang, width, title: titleOf(report) }),
      tip: (bucket) => trendTip(report.trend, bucket, lang),
      csv: 'api/v1/live?format=csv',
      json: 'api/v1/live',
    },
    lang,
  );
  const rates = view.append('section').attr('id', 'rates').attr('aria-labelledby', 'rates-title') as Parent;
  const sensors = view.append('section').attr('id', 'sensors').attr('aria-labelledby', 'sensors-title') as Parent;
  const draw = () => {
    drawFigures(figures, report, context);
    note.text(
      report.stale ? words.stale(lastOf(report)?.replace('T', ' ').replace(':00Z', ' UTC') ?? words.never) : '',
    );
    drawRates(rates, report, context);
    drawLiveSensors(sensors, report, lang);
  };
  draw();
  keepTime(view, context);
  context.say(words.drawn);
  const events = new EventSource('api/v1/live/stream');
  signal.addEventListener('abort', () => events.close());
  const warn = (text: string) => {
    if (!signal.aborted) note.text(text);
  };
  events.addEventListener('error', () => warn(words.lost));
  events.addEventListener('away', () => warn(words.away));
  events.addEventListener('message', ({ data }) => {
    report = JSON.parse(data) as LiveReport;
    draw();
    picture.redraw();
    say('');
  });
}

function lastOf({ sensors }: LiveReport): string | undefined {
  return sensors
    .map(({ lastMinute }) => lastMinute ?? '')
    .sort()
    .at(-1);
}

const perSecond = (rate: number) => (rate < 10 ? rate.toFixed(2) : exactly(Math.round(rate)));

function drawFigures(section: Parent, report: LiveReport, { lang }: Context): void {
  const words = LIVE_WORDS[lang];
  section.selectAll('*').remove();
  section.append('h2').attr('id', 'now-title').text(words.now);
  const last = lastOf(report);
  const packets = report.trend.all.reduce((sum: number, value) => sum + (value ?? 0), 0);
  const reporting = report.sensors.flatMap(({ reported }) => reported ?? []);
  const lost = reporting.reduce((sum, reported) => sum + lostBy(reported), 0);
  const figures: [string, string][] = [
    [perSecond(report.packetsPerSecond), words.rate],
    [exactly(packets), words.ofHour],
    [last ? sinceText(last, lang) : words.never, words.last],
    ...(reporting.length > 0 ? [[exactly(lost), words.lostOfHour] as [string, string]] : []),
  ];
  const list = section.append('dl');
  for (const [value, label] of figures) {
    const pair = list.append('div');
    pair.append('dt').text(label);
    const cell = pair.append('dd').text(value);
    if (label === words.last && last) cell.attr('data-since', last);
  }
}

function drawRates(section: Parent, { rates, packetsPerSecond }: LiveReport, { lang }: Context): void {
  const words = LIVE_WORDS[lang];
  section.selectAll('*').remove();
  section.append('h2').attr('id', 'rates-title').text(words.rates);
  if (rates.length === 0) {
    section.append('p').text(words.noRates);
    return;
  }
  const columns = [
    { title: words.category },
    { title: words.perSecond, number: true },
    { title: words.share, number: true },
  ];
  const table = startTable(section, 'categoryRates', words.rates, columns);
  for (const { category, packetsPerSecond: rate } of rates)
    addRow(table, columns, [
      seriesName(category, 'category', lang),
      perSecond(rate),
      percent((100 * rate) / packetsPerSecond),
    ]);
}
