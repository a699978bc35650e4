// The live view: packets a second, the last hour by minute and category, each sensor's last packet; drawn anew with every event.
import { exactly } from '../../charts/numbers.ts';
import { trendChart, trendTip } from '../../charts/trend.ts';
import type { LiveReport } from '../../report/shape-range.ts';
import { ask } from '../api.ts';
import { addRow, startTable } from '../cells.ts';
import type { Context } from '../context.ts';
import { emptied, type Parent } from '../controls.ts';
import { say } from '../frame.ts';
import { showPicture } from '../picture.ts';
import { LIVE_WORDS } from '../words/live.ts';

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
      json: 'api/v1/live',
    },
    lang,
  );
  const sensors = view.append('section').attr('id', 'sensors').attr('aria-labelledby', 'sensors-title') as Parent;
  const draw = () => {
    drawFigures(figures, report, context);
    note.text(
      report.stale ? words.stale(lastOf(report)?.replace('T', ' ').replace(':00Z', ' UTC') ?? words.never) : '',
    );
    drawSensors(sensors, report, context);
  };
  draw();
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

const minutesSince = (minute: string) => Math.max(0, Math.floor((Date.now() - Date.parse(minute)) / 60_000));

function drawFigures(section: Parent, report: LiveReport, { lang }: Context): void {
  const words = LIVE_WORDS[lang];
  section.selectAll('*').remove();
  section.append('h2').attr('id', 'now-title').text(words.now);
  const last = lastOf(report);
  const packets = report.trend.all.reduce((sum: number, value) => sum + (value ?? 0), 0);
  const figures: [string, string][] = [
    [report.packetsPerSecond.toFixed(report.packetsPerSecond < 10 ? 2 : 0), words.rate],
    [exactly(packets), words.ofHour],
    [last ? words.minutes(minutesSince(last)) : words.never, words.last],
  ];
  const list = section.append('dl');
  for (const [value, label] of figures) {
    const pair = list.append('div');
    pair.append('dt').text(label);
    pair.append('dd').text(value);
  }
}

function drawSensors(section: Parent, report: LiveReport, { lang }: Context): void {
  const words = LIVE_WORDS[lang];
  section.selectAll('*').remove();
  section.append('h2').attr('id', 'sensors-title').text(words.sensors);
  const columns = [
    { title: words.sensor },
    { title: words.lastMinute },
    { title: words.ago, number: true },
    { title: words.packets, number: true },
    { title: words.addresses, number: true },
  ];
  const table = startTable(section, 'pulses', words.sensors, columns);
  for (const { sensor, lastMinute, packetsOfHour, monitoredAddresses } of report.sensors) {
    addRow(table, columns, [
      sensor,
      lastMinute?.slice(0, 16).replace('T', ' ') ?? words.never,
      lastMinute ? words.minutes(minutesSince(lastMinute)) : '–',
      exactly(packetsOfHour),
      monitoredAddresses === null ? '–' : exactly(monitoredAddresses),
    ]);
  }
}
