// What is around every view: the names of the views, language and appearance, messages.
import type { Lang } from '../report/shape.ts';
import { VIEWS, type ViewName } from '../views.ts';
import type { Part, Theme } from './context.ts';
import { choiceGroup, dropDown, emptied } from './controls.ts';
import { FRAME_WORDS } from './words/frame.ts';

export interface Frame {
  view: ViewName;
  lang: Lang;
  theme: Theme;
  change: (part: Part) => void;
  link: (view: ViewName) => string;
}

export function drawFrame({ view, lang, theme, change, link }: Frame): void {
  const words = FRAME_WORDS[lang];
  document.documentElement.lang = lang;
  document.documentElement.dataset.theme = theme;
  document.title = `${words.views[view]} – umbrascope`;
  for (const name of ['tagline', 'colophon', 'skip'] as const) {
    const place = document.querySelector(`[data-word=${name}]`);
    if (place) place.textContent = words[name];
  }
  drawSettings(lang, theme, change);
  const nav = emptied('views').attr('aria-label', words.viewsLabel);
  const list = nav.append('ul');
  for (const name of VIEWS) {
    const anchor = list.append('li').append('a').attr('href', link(name)).text(words.views[name]);
    if (name === view) anchor.attr('aria-current', 'page');
  }
}

function drawSettings(lang: Lang, theme: Theme, change: (part: Part) => void): void {
  const words = FRAME_WORDS[lang];
  const form = emptied('settings');
  const languages = [
    { value: 'en', label: 'English' },
    { value: 'ja', label: '日本語' },
  ];
  choiceGroup(
    form,
    { kind: 'radio', name: 'lang', legend: words.language, options: languages, chosen: [lang] },
    ([value]) => change({ lang: value ?? 'en' }),
  );
  const themes = Object.entries(words.themes).map(([value, label]) => ({ value, label }));
  dropDown(form, { name: 'theme', label: words.theme, options: themes, chosen: theme }, (value) =>
    change({ theme: value === 'auto' ? null : value }),
  );
}

/** Switches are drawn anew on every change; the one in use must keep the keyboard's focus. */
export function keepFocus(draw: () => void): void {
  const { activeElement } = document;
  const inUse = activeElement instanceof HTMLInputElement || activeElement instanceof HTMLSelectElement;
  const selector = inUse ? selectorOf(activeElement) : null;
  draw();
  if (selector) document.querySelector<HTMLElement>(selector)?.focus();
}

function selectorOf(element: HTMLInputElement | HTMLSelectElement): string {
  const isChoice = element instanceof HTMLInputElement && (element.type === 'radio' || element.type === 'checkbox');
  return `[name="${element.name}"]${isChoice ? `[value="${CSS.escape(element.value)}"]` : ''}`;
}

export function say(text: string, busy = false): void {
  byId('status').textContent = text;
  document.body.classList.toggle('busy', busy);
}

/** In place of the view unless that may stay; with a button to ask again. */
export function showMessage(lines: string[], retry?: { label: string; action: () => void }, instead = true): void {
  byId('view').hidden = instead;
  const message = emptied('message').attr('hidden', null);
  for (const line of lines.filter(Boolean)) message.append('p').text(line);
  if (retry)
    message.append('button').attr('type', 'button').attr('id', 'retry').text(retry.label).on('click', retry.action);
}

export function hideMessage(): void {
  byId('message').hidden = true;
  byId('view').hidden = false;
}

function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}
