// The users' own notes: those of the span, a form for a new one, and a button to take one away.
import type { TrendReport } from '../../report/shape-range.ts';
import { write } from '../api.ts';
import type { Context } from '../context.ts';
import type { Parent } from '../controls.ts';
import { TRENDS_WORDS } from '../words/trends.ts';

export function drawNotes(parent: Parent, report: TrendReport, context: Context): void {
  const { choices, lang } = context;
  if (!choices.may.annotate && report.notes.length === 0) return;
  const words = TRENDS_WORDS[lang];
  const section = parent.append('section').attr('id', 'notes').attr('aria-labelledby', 'notes-title');
  section.append('h2').attr('id', 'notes-title').text(words.notes);
  const list = section.append('ol').attr('class', 'notes');
  for (const { id, day, text } of report.notes) {
    const item = list.append('li');
    item.append('span').text(`${day} ${text} `);
    if (!choices.may.annotate) continue;
    const remove = item.append('button').attr('type', 'button').attr('class', 'small').text(words.remove);
    remove.attr('aria-label', `${words.remove}: ${day} ${text}`);
    remove.on('click', () => after(context, write(`api/v1/annotations/${id}`)));
  }
  if (!choices.may.annotate) return;
  const form = section.append('form').attr('class', 'switches note-form');
  const field = (name: string, label: string, type: string) => {
    const place = form.append('label').attr('class', `list ${name}`);
    place.append('span').text(label);
    return place.append('input').attr('type', type).attr('name', name).attr('required', '');
  };
  const day = field('noteDay', words.noteDay, 'date').property('value', report.to);
  const text = field('noteText', words.noteText, 'text').attr('maxlength', 200);
  form.append('button').attr('type', 'submit').text(words.add);
  form.on('submit', (event: SubmitEvent) => {
    event.preventDefault();
    after(context, write('api/v1/annotations', { day: day.property('value'), text: text.property('value') }));
  });
}

function after(context: Context, written: Promise<void>): void {
  written.then(
    () => context.change({}),
    (error: Error) => context.alert(error.message),
  );
}
