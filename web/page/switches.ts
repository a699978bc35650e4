// The switches above the chart and the settings in the page's head. They are drawn anew when the language changes; a
// change calls back with the part of the state that changed.
import { choiceGroup, dropDown, emptied, monthRange, type Option } from './controls.ts';
import type { Choices, State, Theme } from './state.ts';
import { PAGE_WORDS, SCHEME_WORDS } from './words.ts';

export type Change = (part: Partial<State>) => void;

const optionsOf = (words: Record<string, string>): Option[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

export function drawSettings(state: State, change: Change): void {
  const words = PAGE_WORDS[state.lang];
  const form = emptied('settings');
  const languages: Option[] = [
    { value: 'en', label: 'English' },
    { value: 'ja', label: '日本語' },
  ];
  choiceGroup(
    form,
    { kind: 'radio', name: 'lang', legend: words.language, options: languages, chosen: [state.lang] },
    (chosen) => change({ lang: chosen[0] === 'ja' ? 'ja' : 'en' }),
  );
  dropDown(
    form,
    { name: 'theme', label: words.theme, options: optionsOf(words.themes), chosen: state.theme },
    (value) => change({ theme: value as Theme }),
  );
}

export function drawSwitches(state: State, choices: Choices, change: Change): void {
  const words = PAGE_WORDS[state.lang];
  const form = emptied('switches');
  const radio = <K extends 'survey' | 'normalise'>(name: K, legend: string, labels: Record<State[K], string>) =>
    choiceGroup(form, { kind: 'radio', name, legend, options: optionsOf(labels), chosen: [state[name]] }, ([value]) =>
      change({ [name]: value } as Partial<State>),
    );
  drawYears(form, state, choices, change);
  radio('survey', words.survey, words.surveys);
  radio('normalise', words.normalise, words.normalises);
  const month = { legend: words.months, from: words.monthsFrom, to: words.monthsTo, month: words.month };
  monthRange(form, month, state.months, (months) => change({ months }));
  const schemes = choices.schemes.map((value) => ({ value, label: SCHEME_WORDS[state.lang][value] ?? value }));
  dropDown(form, { name: 'scheme', label: words.scheme, options: schemes, chosen: state.scheme }, (scheme) =>
    change({ scheme }),
  );
  drawBase(form, state, change);
  if (choices.sensors.length > 1) drawSensors(form, state, choices, change);
}

function drawYears(form: ReturnType<typeof emptied>, state: State, choices: Choices, change: Change): void {
  const options = choices.years.map((year) => ({ value: String(year), label: String(year) }));
  const legend = PAGE_WORDS[state.lang].years;
  const chosen = state.years.map(String);
  choiceGroup(form, { kind: 'checkbox', name: 'years', legend, options, chosen }, (values) => {
    const years = values.map(Number);
    change({ years, base: state.base !== null && years.includes(state.base) ? state.base : null });
  });
}

function drawBase(form: ReturnType<typeof emptied>, state: State, change: Change): void {
  const options = state.years.map((year) => ({ value: String(year), label: String(year) }));
  const chosen = String(state.base ?? state.years[0] ?? '');
  dropDown(form, { name: 'base', label: PAGE_WORDS[state.lang].base, options, chosen }, (value) =>
    change({ base: Number(value) === state.years[0] ? null : Number(value) }),
  );
}

/** All sensors checked is the same as none chosen: the report is of all. */
function drawSensors(form: ReturnType<typeof emptied>, state: State, choices: Choices, change: Change): void {
  const options = choices.sensors.map((sensor) => ({ value: sensor, label: sensor }));
  const chosen = state.sensors.length > 0 ? state.sensors : choices.sensors;
  const legend = PAGE_WORDS[state.lang].sensors;
  choiceGroup(form, { kind: 'checkbox', name: 'sensor', legend, options, chosen }, (values) =>
    change({ sensors: values.length === choices.sensors.length ? [] : values }),
  );
}
