// From the page's address to a view, and back: every view has an address of its own, and its state stands in the query.
import type { Lang } from '../report/shape.ts';
import { VIEWS, type ViewName } from '../views.ts';
import { ask, Unanswered } from './api.ts';
import { type Choices, type Context, chosen, type Part, type Theme, type View } from './context.ts';
import { emptied } from './controls.ts';
import { drawFrame, hideMessage, keepFocus, say, showMessage } from './frame.ts';
import { showLogin } from './login.ts';
import { FRAME_WORDS } from './words/frame.ts';

/** Kept from view to view; all else belongs to one view. */
const COMMON = ['lang', 'theme', 'sensor'];
const RETRY_MS = 3_000;

let views: Record<ViewName, View>;
let choices: Choices | undefined;
let shown: ViewName | undefined;
let running = new AbortController();

export function startRouter(all: Record<ViewName, View>): void {
  views = all;
  addEventListener('popstate', () => void route());
  document.addEventListener('click', followLink);
  for (const id of ['switches', 'settings']) {
    document.getElementById(id)?.addEventListener('submit', (event) => event.preventDefault());
  }
  void route();
}

function viewNow(): ViewName {
  const name = location.pathname.split('/').at(-1) ?? '';
  return VIEWS.find((view) => view === name) ?? 'years';
}

/** Only the latest drawing goes on; an earlier one that still waits for an answer is dropped. */
async function route(): Promise<void> {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const view = viewNow();
  const query = new URLSearchParams(location.search);
  const lang = chosen<Lang>(query, 'lang', ['en', 'ja'], navigator.language.startsWith('ja') ? 'ja' : 'en');
  const theme = chosen<Theme>(query, 'theme', ['auto', 'light', 'dark']);
  keepFocus(() => drawFrame({ view, lang, theme, change, link }));
  if (view !== shown) {
    for (const id of ['view', 'switches']) emptied(id);
    shown = view;
  }
  say(FRAME_WORDS[lang].loading, true);
  try {
    choices ??= await ask<Choices>('api/v1/years', signal);
    if (signal.aborted) return;
    const known = choices;
    // A sensor that has just begun has packets, and no day yet: live is shown, and this is asked again.
    if (known.days === null) choices = undefined;
    if (known.days === null && !(view === 'live' && known.sensors.length > 0)) {
      const { noData, noDataHow } = FRAME_WORDS[lang];
      fail(lang, [noData, noDataHow], signal);
      return;
    }
    const named = query
      .getAll('sensor')
      .flatMap((name) => known.groups.find((group) => group.name === name)?.sensors ?? name);
    const sensors = known.sensors.filter((sensor) => named.includes(sensor));
    let spoken = '';
    const context: Context = {
      ...{ lang, sensors, choices: known, query, signal, change, link },
      say: (text) => {
        spoken = text;
      },
      alert: (text) => showMessage([text], undefined, false),
    };
    await views[view](context);
    if (signal.aborted) return;
    hideMessage();
    say(spoken);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof Unanswered && error.status === 401) showLogin(lang, () => void route());
    else fail(lang, [reasonOf(error, lang)], signal, isPassing(error));
  }
}

/** The database or the server may be back any moment. */
const isPassing = (error: unknown) => error instanceof Unanswered && (error.status === 0 || error.status >= 500);

function fail(lang: Lang, lines: string[], signal: AbortSignal, again = true): void {
  const words = FRAME_WORDS[lang];
  if (again) choices = undefined;
  showMessage([...lines, ...(again ? [words.again] : [])], { label: words.retry, action: () => void route() });
  say('');
  if (!again) return;
  const timer = setTimeout(() => void route(), RETRY_MS);
  signal.addEventListener('abort', () => clearTimeout(timer));
}

function reasonOf(error: unknown, lang: Lang): string {
  if (!(error instanceof Unanswered)) return String(error);
  const words = FRAME_WORDS[lang];
  if (error.status === 0) return words.silent;
  return error.status >= 500 ? words.failed : error.message;
}

function change(part: Part): void {
  history.replaceState(null, '', addressOf(viewNow(), merged(new URLSearchParams(location.search), part)));
  void route();
}

function link(view: ViewName, part: Part = {}): string {
  const now = new URLSearchParams(location.search);
  const kept = new URLSearchParams([...now].filter(([name]) => COMMON.includes(name)));
  return addressOf(view, merged(kept, part));
}

function addressOf(view: ViewName, query: URLSearchParams): string {
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':');
  return `./${view === 'years' ? '' : view}${text ? `?${text}` : ''}`;
}

function merged(query: URLSearchParams, part: Part): URLSearchParams {
  for (const [name, value] of Object.entries(part)) {
    query.delete(name);
    for (const each of value === null ? [] : [value].flat()) query.append(name, each);
  }
  return query;
}

/** Links within the page change the view without loading it anew. */
function followLink(event: MouseEvent): void {
  const anchor = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!anchor?.getAttribute('href')?.startsWith('./')) return;
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, '', anchor.getAttribute('href'));
  document.getElementById('content')?.focus({ preventScroll: true });
  scrollTo(0, 0);
  void route();
}
