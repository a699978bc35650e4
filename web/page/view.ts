// Puts a report on the page: headline, chart, ports; and messages when there is none.
import { yearlyChart } from '../charts/yearly.ts';
import type { YearlyReport } from '../report/shape.ts';
import { emptied } from './controls.ts';
import { drawHeadline } from './headline.ts';
import { drawPorts } from './ports.ts';
import type { State } from './state.ts';
import { PAGE_WORDS } from './words.ts';

/** Drawn wider than this the chart would have lines too long to read; where there is more room it is enlarged. */
const WIDEST_DRAWN = 780;

export function drawReport(report: YearlyReport, state: State): void {
  byId('view').hidden = false;
  drawHeadline(report, state.lang);
  drawChart(report, state);
  drawPorts(report, state.lang);
}

/** As wide as there is room; a chart of many years may be wider than a phone, and then scrolls. */
export function drawChart(report: YearlyReport, state: State): void {
  const holder = byId('chart');
  const room = holder.clientWidth;
  const svg = yearlyChart(document, report, { lang: state.lang, width: Math.min(WIDEST_DRAWN, room) });
  const { width, height } = svg.viewBox.baseVal;
  const scale = Math.max(1, room / width);
  svg.setAttribute('width', String(width * scale));
  svg.setAttribute('height', String(height * scale));
  holder.setAttribute('aria-label', PAGE_WORDS[state.lang].scrollable);
  holder.setAttribute('role', 'region');
  holder.tabIndex = 0;
  holder.replaceChildren(svg);
}

/** Words that stand in index.html, and what the browser should know about the whole page. */
export function drawFrame(state: State): void {
  const words = PAGE_WORDS[state.lang];
  document.documentElement.lang = state.lang;
  document.documentElement.dataset.theme = state.theme;
  for (const name of ['tagline', 'colophon', 'download'] as const) {
    document.querySelector(`[data-word=${name}]`)!.textContent = words[name];
  }
}

export function say(text: string, busy = false): void {
  byId('status').textContent = text;
  document.body.classList.toggle('busy', busy);
}

/** In place of the report; with `retry`, a button to ask again. */
export function showMessage(lines: string[], retry?: { label: string; action: () => void }): void {
  byId('view').hidden = true;
  const message = emptied('message').attr('hidden', null);
  for (const line of lines.filter(Boolean)) message.append('p').text(line);
  if (retry)
    message.append('button').attr('type', 'button').attr('id', 'retry').text(retry.label).on('click', retry.action);
}

export function hideMessage(): void {
  byId('message').hidden = true;
}

function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}
