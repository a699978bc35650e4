// The switches above the year-on-year chart. They are drawn anew on every change; a change writes the part of the address that changed.
import type { Context } from '../context.ts';
import { choiceGroup, dropDown, emptied, monthRange, optionsOf, type Parent } from '../controls.ts';
import { drawSensors } from '../sensors.ts';
import { SCHEME_WORDS, YEARS_WORDS } from '../words/years.ts';
import type { YearsState } from './years-state.ts';

export function drawYearsSwitches(state: YearsState, context: Context): void {
  const { lang, choices, change } = context;
  const words = YEARS_WORDS[lang];
  const form = emptied('switches');
  const radio = <K extends 'survey' | 'normalise'>(name: K, legend: string, labels: Record<YearsState[K], string>) =>
    choiceGroup(form, { kind: 'radio', name, legend, options: optionsOf(labels), chosen: [state[name]] }, ([value]) =>
      change({ [name]: value ?? null }),
    );
  drawYears(form, state, context);
  radio('survey', words.survey, words.surveys);
  radio('normalise', words.normalise, words.normalises);
  const month = { legend: words.months, from: words.monthsFrom, to: words.monthsTo, month: words.month };
  monthRange(form, month, state.months, (months) => change({ months: months.join('-') }));
  const schemes = choices.schemes.map((value) => ({ value, label: SCHEME_WORDS[lang][value] ?? value }));
  dropDown(form, { name: 'scheme', label: words.scheme, options: schemes, chosen: state.scheme }, (scheme) =>
    change({ scheme }),
  );
  const years = state.years.map((year) => ({ value: String(year), label: String(year) }));
  const base = { name: 'base', label: words.base, options: years, chosen: String(state.base ?? state.years[0] ?? '') };
  dropDown(form, base, (value) => change({ base: Number(value) === state.years[0] ? null : value }));
  drawSensors(form, context);
}

function drawYears(form: Parent, state: YearsState, { lang, choices, change }: Context): void {
  const options = choices.years.map((year) => ({ value: String(year), label: String(year) }));
  const legend = YEARS_WORDS[lang].years;
  const chosen = state.years.map(String);
  choiceGroup(form, { kind: 'checkbox', name: 'years', legend, options, chosen }, (values) =>
    change({ years: values.join(',') }),
  );
}
