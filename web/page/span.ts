// The switch for a span of days: first and last day, and spans that are often wanted.
import { addDays } from '../report/days.ts';
import type { Context, Part } from './context.ts';
import type { Parent } from './controls.ts';
import { FRAME_WORDS } from './words/frame.ts';

export interface Span {
  from: string;
  to: string;
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** From the address; without it so many days up to the last with packets. */
export function spanOf({ query, choices }: Context, days: number): Span {
  const data = choices.days ?? { first: '1970-01-01', last: '1970-01-01' };
  const valid = (name: string) => {
    const text = query.get(name) ?? '';
    return DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
  };
  const to = valid('to') ?? data.last;
  const earliest = addDays(to, 1 - days);
  const from = valid('from') ?? [earliest, data.first].sort()[1] ?? to;
  return from <= to ? { from, to } : { from: to, to: from };
}

export function drawSpan(form: Parent, context: Context, span: Span): void {
  const words = FRAME_WORDS[context.lang];
  const { choices, change } = context;
  const fieldset = form.append<HTMLElement>('fieldset').attr('class', 'choice');
  fieldset.append('legend').text(words.span);
  const row = fieldset.append('div').attr('class', 'range');
  const day = (name: 'from' | 'to', label: string) => {
    const list = row.append('label').attr('class', 'list');
    list.append('span').text(label);
    const input = list
      .append('input')
      .attr('type', 'date')
      .attr('name', name)
      .attr('required', '')
      .property('value', span[name]);
    if (choices.days) input.attr('min', '1970-01-01').attr('max', '2105-12-31');
    input.on('change', () => {
      const value = String(input.property('value'));
      if (DAY.test(value)) change(ordered({ ...span, [name]: value }, name));
    });
  };
  day('from', words.from);
  day('to', words.to);
  drawUsual(fieldset as unknown as Parent, context, span);
}

/** The other end follows when they would cross. */
function ordered(span: Span, changed: 'from' | 'to'): Part {
  if (span.from <= span.to) return { ...span };
  return changed === 'from' ? { from: span.from, to: span.from } : { from: span.to, to: span.to };
}

function drawUsual(parent: Parent, { lang, choices, change }: Context, span: Span): void {
  const words = FRAME_WORDS[lang];
  const data = choices.days ?? { first: span.from, last: span.to };
  const usual: { name: string; from: string; to: string }[] = [
    { name: words.lastDays(30), from: addDays(data.last, -29), to: data.last },
    ...choices.years.slice(-4).map((year) => ({ name: String(year), from: `${year}-01-01`, to: `${year}-12-31` })),
    { name: words.everything, from: data.first, to: data.last },
  ];
  const row = parent.append('div').attr('class', 'usual');
  for (const { name, from, to } of usual) {
    const pressed = from === span.from && to === span.to;
    row
      .append('button')
      .attr('type', 'button')
      .attr('aria-pressed', String(pressed))
      .text(name)
      .on('click', () => change({ from, to }));
  }
}
