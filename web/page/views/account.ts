// The account: what became of every frame, per sensor, then per sensor and day with coverage and rules; damaged files.
import { calendarChart } from '../../charts/calendar.ts';
import { coveragePercent, exactly } from '../../charts/numbers.ts';
import type { Account, SensorAccount } from '../../questions.ts';
import type { Lang } from '../../report/shape.ts';
import type { AccountDays, SensorDay } from '../../report/shape-range.ts';
import { ask } from '../api.ts';
import { addRow, type Column, startTable } from '../cells.ts';
import { apiQuery, type Context, chosen } from '../context.ts';
import { choiceGroup, emptied, optionsOf, type Parent } from '../controls.ts';
import { keepFocus } from '../frame.ts';
import { showPicture } from '../picture.ts';
import { drawSensors } from '../sensors.ts';
import { drawSpan, type Span, spanOf } from '../span.ts';
import { ACCOUNT_WORDS, FATE_WORDS } from '../words/account.ts';

const DAYS = 731;
const MOST_ROWS = 1_000;

export async function accountView(context: Context): Promise<void> {
  const { lang, signal, sensors } = context;
  const span = spanOf(context, DAYS);
  const days = chosen(context.query, 'days', ['odd', 'every'] as const);
  keepFocus(() => drawSwitches(span, days, context));
  const query = apiQuery({ ...span, sensor: sensors });
  const [account, daily] = await Promise.all([
    ask<Account>('api/v1/account', signal),
    ask<AccountDays>(`api/v1/account/days?${query}`, signal),
  ]);
  if (signal.aborted) return;
  const view = emptied('view');
  drawAccount(view, account, lang);
  showPicture(
    view,
    {
      id: 'calendar',
      name: `umbrascope-account-${daily.from}-${daily.to}`,
      draw: (width) => calendarChart(document, daily, { lang, width, tip: (day) => dayTip(day, lang) }),
      csv: `api/v1/account/days?${query}&format=csv`,
      json: `api/v1/account/days?${query}&format=json`,
    },
    lang,
  );
  drawDays(view, daily, days === 'odd', lang);
  drawDamage(view, daily, lang);
  context.say(ACCOUNT_WORDS[lang].drawn(daily.sensorDays.length));
}

function drawSwitches(span: Span, days: 'odd' | 'every', context: Context): void {
  const words = ACCOUNT_WORDS[context.lang];
  const form = emptied('switches');
  drawSpan(form, context, span);
  const choice = { name: 'days', legend: words.onlyOdd, options: optionsOf(words.odd), chosen: [days] };
  choiceGroup(form, { kind: 'radio', ...choice }, ([value]) =>
    context.change({ days: value === 'every' ? value : null }),
  );
  drawSensors(form, context);
}

function drawAccount(parent: Parent, account: Account, lang: Lang): void {
  const words = ACCOUNT_WORDS[lang];
  const section = parent.append('section').attr('id', 'account-section').attr('aria-labelledby', 'account-title');
  section.append('h2').attr('id', 'account-title').text(words.account);
  const lead = section.append('p').text(`${words.accountLead} `);
  lead
    .append('strong')
    .attr('class', account.balanced ? 'balanced' : 'unbalanced')
    .text(account.balanced ? words.balanced : words.unbalanced);
  const columns: Column[] = [
    { title: words.sensor },
    { title: words.frames, number: true },
    { title: words.counted, number: true },
    { title: words.fates },
    { title: words.stored, number: true },
    { title: words.files, number: true },
    { title: words.span },
  ];
  const table = startTable(section, 'account', words.account, columns);
  for (const sensor of account.sensors) {
    const wrong =
      sensor.frames !== sensor.counted + uncounted(sensor.fates) || sensor.stored + sensor.dropped !== sensor.counted;
    addRow(table, columns, cellsOf(sensor, lang)).classed('unbalanced', wrong);
  }
}

function uncounted(fates: Record<string, number>): number {
  return Object.values(fates).reduce((sum, frames) => sum + frames, 0);
}

function reasons(fates: Record<string, number>, lang: Lang): string {
  const named = Object.entries(fates)
    .filter(([, frames]) => frames > 0)
    .map(([fate, frames]) => `${exactly(frames)} ${FATE_WORDS[lang][fate] ?? fate}`);
  return named.join(lang === 'ja' ? '、' : ', ') || ACCOUNT_WORDS[lang].none;
}

function cellsOf(sensor: SensorAccount, lang: Lang): string[] {
  const words = ACCOUNT_WORDS[lang];
  const damaged = sensor.damagedFiles > 0 ? ` (${words.damaged(sensor.damagedFiles)})` : '';
  return [
    sensor.sensor,
    exactly(sensor.frames),
    exactly(sensor.counted),
    reasons(sensor.fates, lang),
    exactly(sensor.stored) + (sensor.dropped > 0 ? ` (${words.dropped(exactly(sensor.dropped))})` : ''),
    exactly(sensor.files) + damaged,
    `${moment(sensor.first)} – ${moment(sensor.last)}`,
  ];
}

/** `2019-01-01 00:00` of an ISO 8601 time. */
function moment(time: string | null): string {
  return time === null ? '' : time.slice(0, 16).replace('T', ' ');
}

function dayTip(day: SensorDay, lang: Lang): string[] {
  const words = ACCOUNT_WORDS[lang];
  return [
    `${day.sensor} ${day.day}`,
    `${words.coverage}: ${coveragePercent(day.coverage)}`,
    `${words.frames}: ${exactly(day.frames)}`,
    `${words.counted}: ${exactly(day.counted)}`,
    `${words.fates}: ${reasons(day.fates, lang)}`,
  ];
}

const isOdd = (day: SensorDay) => day.coverage < 99.95 || day.frames !== day.counted;

function drawDays(parent: Parent, { sensorDays }: AccountDays, onlyOdd: boolean, lang: Lang): void {
  const words = ACCOUNT_WORDS[lang];
  const shown = (onlyOdd ? sensorDays.filter(isOdd) : sensorDays).slice(0, MOST_ROWS);
  const section = parent.append('section').attr('aria-labelledby', 'days-title');
  section.append('h2').attr('id', 'days-title').text(words.daily);
  section.append('p').text(words.dailyLead(shown.length, sensorDays.length));
  if (shown.length === 0) return;
  const columns: Column[] = [
    { title: words.day },
    { title: words.sensor },
    { title: words.coverage, number: true },
    { title: words.frames, number: true },
    { title: words.counted, number: true },
    { title: words.fates },
    { title: words.monitored, number: true },
    { title: words.rules },
  ];
  const table = startTable(section, 'days', words.daily, columns);
  for (const day of shown) {
    addRow(table, columns, [
      day.day,
      day.sensor,
      coveragePercent(day.coverage),
      exactly(day.frames),
      exactly(day.counted),
      reasons(day.fates, lang),
      day.monitoredAddresses === null ? '–' : exactly(day.monitoredAddresses),
      day.rulesVersion ?? '–',
    ]);
  }
}

function drawDamage(parent: Parent, { damagedFiles }: AccountDays, lang: Lang): void {
  const words = ACCOUNT_WORDS[lang];
  const section = parent.append('section').attr('id', 'damage').attr('aria-labelledby', 'damage-title');
  section.append('h2').attr('id', 'damage-title').text(words.damagedTitle);
  if (damagedFiles.length === 0) {
    section.append('p').text(words.noDamage);
    return;
  }
  const columns: Column[] = [
    { title: words.file },
    { title: words.sensor },
    { title: words.frames, number: true },
    { title: words.damage },
  ];
  const table = startTable(section, 'damaged', words.damagedTitle, columns);
  for (const { file, sensor, frames, damage } of damagedFiles)
    addRow(table, columns, [file, sensor, exactly(frames), damage]);
}
