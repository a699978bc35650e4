// The account: what became of every frame, per sensor, and whether it adds up.
import { exactly } from '../charts/numbers.ts';
import type { Account, SensorAccount } from '../questions.ts';
import type { Lang } from '../report/shape.ts';
import { addRow, type Column, startTable } from './cells.ts';
import { emptied } from './controls.ts';
import { FATE_WORDS, PAGE_WORDS } from './words.ts';

export function drawAccount(account: Account, lang: Lang): void {
  const section = emptied('account-section');
  section.attr('hidden', account.sensors.length === 0 ? '' : null);
  if (account.sensors.length === 0) return;
  const words = PAGE_WORDS[lang];
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
    const wrong = sensor.frames !== sensor.counted + uncounted(sensor) || sensor.stored !== sensor.counted;
    addRow(table, columns, cellsOf(sensor, lang)).classed('unbalanced', wrong);
  }
}

function uncounted(sensor: SensorAccount): number {
  return Object.values(sensor.fates).reduce((sum, frames) => sum + frames, 0);
}

function cellsOf(sensor: SensorAccount, lang: Lang): string[] {
  const words = PAGE_WORDS[lang];
  const reasons = Object.entries(sensor.fates)
    .filter(([, frames]) => frames > 0)
    .map(([fate, frames]) => `${exactly(frames)} ${FATE_WORDS[lang][fate] ?? fate}`);
  const damaged = sensor.damagedFiles > 0 ? ` (${words.damaged(sensor.damagedFiles)})` : '';
  return [
    sensor.sensor,
    exactly(sensor.frames),
    exactly(sensor.counted),
    reasons.join(lang === 'ja' ? '、' : ', ') || words.none,
    exactly(sensor.stored),
    exactly(sensor.files) + damaged,
    `${moment(sensor.first)} – ${moment(sensor.last)}`,
  ];
}

/** `2019-01-01 00:00` of an ISO 8601 time. */
function moment(time: string | null): string {
  return time === null ? '' : time.slice(0, 16).replace('T', ' ');
}
