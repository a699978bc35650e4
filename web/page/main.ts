// The page: asks what there is, then for the report of the chosen view, and asks again whenever a switch changes.
import '@fontsource/kosugi/index.css';
import './page.css';
import './tables.css';
import './switches.css';
import type { Account } from '../questions.ts';
import type { YearlyReport } from '../report/shape.ts';
import { drawAccount } from './account.ts';
import { csvAddress, fetchAccount, fetchChoices, fetchReport, Unanswered } from './api.ts';
import { pngFile, save, svgFile } from './downloads.ts';
import { type Choices, pageQuery, type State, stateFrom, withPart } from './state.ts';
import { drawSettings, drawSwitches } from './switches.ts';
import { drawChart, drawFrame, drawReport, hideMessage, say, showMessage } from './view.ts';
import { PAGE_WORDS } from './words.ts';

let choices: Choices = { years: [], sensors: [], schemes: [] };
let state: State = stateFrom(location.search, choices, navigator.language);
let report: YearlyReport | undefined;
let account: Account | undefined;
let running = new AbortController();

async function start(): Promise<void> {
  drawHead();
  say(PAGE_WORDS[state.lang].loading, true);
  try {
    [choices, account] = await Promise.all([fetchChoices(), fetchAccount()]);
  } catch (error) {
    fail(error, start);
    return;
  }
  state = stateFrom(location.search, choices, navigator.language);
  drawHead();
  drawAccount(account, state.lang);
  if (choices.years.length === 0) {
    const { noData, noDataHow, retry } = PAGE_WORDS[state.lang];
    showMessage([noData, noDataHow], { label: retry, action: start });
    say('');
    return;
  }
  drawSwitches(state, choices, change);
  await refresh();
}

/** Only the answer to the latest question is drawn. */
async function refresh(): Promise<void> {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const words = PAGE_WORDS[state.lang];
  if (state.years.length === 0) {
    showMessage([words.noYears]);
    say('');
    return;
  }
  say(words.loading, true);
  try {
    const answer = await fetchReport(state, signal);
    if (signal.aborted) return;
    report = answer;
    hideMessage();
    drawReport(report, state);
    say(words.drawn(report.years.map((year) => year.year)));
  } catch (error) {
    if (!signal.aborted) fail(error, refresh);
  }
}

function change(part: Partial<State>): void {
  const focused =
    document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLSelectElement;
  const selector = focused ? selectorOf(document.activeElement as HTMLInputElement | HTMLSelectElement) : null;
  state = { ...state, ...part };
  history.replaceState(null, '', choices.years.length > 0 ? pageQuery(state) : withPart(location.search, part));
  drawHead();
  if (choices.years.length > 0) drawSwitches(state, choices, change);
  if (selector) document.querySelector<HTMLElement>(selector)?.focus();
  if (account) drawAccount(account, state.lang);
  const onlyLooks = Object.keys(part).every((key) => key === 'theme');
  if (choices.years.length === 0) void start();
  else if (!onlyLooks) void refresh();
}

/** The switches are drawn anew on every change; the one in use must keep the keyboard's focus. */
function selectorOf(element: HTMLInputElement | HTMLSelectElement): string {
  const value = element instanceof HTMLInputElement ? `[value="${CSS.escape(element.value)}"]` : '';
  return `[name="${element.name}"]${value}`;
}

function drawHead(): void {
  drawFrame(state);
  drawSettings(state, change);
}

function fail(error: unknown, again: () => Promise<void>): void {
  const words = PAGE_WORDS[state.lang];
  showMessage([reasonOf(error)], { label: words.retry, action: () => void again() });
  say('');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Unanswered)) return String(error);
  const words = PAGE_WORDS[state.lang];
  if (error.status === 0) return words.silent;
  return error.status >= 500 ? words.failed : error.message;
}

const fileName = (ending: string) => `umbrascope-${report?.years.map((year) => year.year).join('-')}.${ending}`;
const chart = () => document.querySelector<SVGSVGElement>('#chart svg')!;
const onClick = (id: string, action: () => unknown) => document.getElementById(id)!.addEventListener('click', action);

onClick('download-svg', async () => save(await svgFile(chart()), fileName('svg')));
onClick('download-png', async () => save(await pngFile(chart()), fileName('png')));
onClick('download-csv', () => save(csvAddress(state), fileName('csv')));
addEventListener('resize', () => report && !document.getElementById('view')!.hidden && drawChart(report, state));
addEventListener('popstate', () => void start());
void start();
