// Each sensor's state: its last packet, and of a live one how far behind the database is, what it received and what it lost.
import { exactly } from '../../charts/numbers.ts';
import type { Lang } from '../../report/shape.ts';
import type { LiveReport, LiveSensor } from '../../report/shape-range.ts';
import { addRow, startTable } from '../cells.ts';
import type { Context } from '../context.ts';
import type { Parent } from '../controls.ts';
import { LIVE_WORDS } from '../words/live.ts';

type Reported = NonNullable<LiveSensor['reported']>;

const TICK_MS = 1_000;
const UNKNOWN = '–';

export const lostBy = ({ kernelDropped, cardDropped, spoolDropped }: Reported) =>
  kernelDropped + cardDropped + spoolDropped;

/** `95 s`, `12 min`, `3 d` since a time. */
export function sinceText(time: string, lang: Lang): string {
  return LIVE_WORDS[lang].since(Math.max(0, Math.floor((Date.now() - Date.parse(time)) / 1000)));
}

/** What says how long ago something was (data-since) goes on saying it while no event comes. */
export function keepTime(view: Parent, { lang, signal }: Context): void {
  const timer = setInterval(() => {
    for (const cell of (view.node() as HTMLElement).querySelectorAll<HTMLElement>('[data-since]'))
      cell.textContent = sinceText(cell.dataset.since as string, lang);
  }, TICK_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
}

export function drawLiveSensors(section: Parent, { sensors }: LiveReport, lang: Lang): void {
  const words = LIVE_WORDS[lang];
  section.selectAll('*').remove();
  section.append('h2').attr('id', 'sensors-title').text(words.sensors);
  const columns = [
    ...[{ title: words.sensor }, { title: words.state }, { title: words.lastMinute }],
    ...[words.ago, words.packets, words.addresses].map((title) => ({ title, number: true })),
  ];
  const table = startTable(section, 'pulses', words.sensors, columns);
  for (const { sensor, state, lastMinute, packetsOfHour, monitoredAddresses } of sensors) {
    const row = addRow(table, columns, [
      ...[sensor, words.states[state], lastMinute ? momentText(lastMinute) : words.never],
      ...[lastMinute ? sinceText(lastMinute, lang) : UNKNOWN, exactly(packetsOfHour)],
      monitoredAddresses === null ? UNKNOWN : exactly(monitoredAddresses),
    ]);
    row.select('td').attr('class', `state ${state}`);
    if (lastMinute) row.select('td:nth-child(4)').attr('data-since', lastMinute);
  }
  drawReports(section, sensors, lang);
}

const momentText = (time: string) => time.slice(0, 16).replace('T', ' ');

function drawReports(section: Parent, sensors: readonly LiveSensor[], lang: Lang): void {
  const words = LIVE_WORDS[lang];
  const live = sensors.filter(({ reported }) => reported !== null);
  if (live.length === 0) {
    section.append('p').attr('class', 'hint').text(words.noneLive);
    return;
  }
  section.append('h3').text(words.reports);
  section.append('p').attr('class', 'hint').text(words.reportsNote);
  const columns = [
    ...[{ title: words.sensor }, { title: words.interfaces }],
    ...[words.lag, words.received, words.kernelDropped, words.cardDropped, words.spoolDropped, words.clockSteps].map(
      (title) => ({ title, number: true }),
    ),
  ];
  const table = startTable(section, 'reports', words.reports, columns);
  for (const { sensor, reported } of live) {
    if (!reported) continue;
    const { until, interfaces, received, kernelDropped, cardDropped, spoolDropped, clockSteps } = reported;
    const figures = [received, kernelDropped, cardDropped, spoolDropped, clockSteps].map(exactly);
    const row = addRow(table, columns, [sensor, interfaces.join(', '), sinceText(until, lang), ...figures]);
    row.select('td:nth-child(3)').attr('data-since', until);
  }
}
