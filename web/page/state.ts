// What the reader has chosen, kept in the page's address so that a view can be shared. Whatever is the default, or does
// not hold for the data there is, is left out.
import type { Lang, Normalise, SurveyChoice } from '../report/shape.ts';

export type Theme = 'auto' | 'light' | 'dark';

export interface State {
  /** Ascending. */
  years: number[];
  /** null: the first of the years. */
  base: number | null;
  survey: SurveyChoice;
  normalise: Normalise;
  scheme: string;
  months: [number, number];
  /** Empty for all. */
  sensors: string[];
  lang: Lang;
  theme: Theme;
}

export interface Choices {
  years: number[];
  sensors: string[];
  schemes: string[];
}

const YEARS_SHOWN_FIRST = 10;

export function stateFrom(search: string, choices: Choices, browserLang: string): State {
  const query = new URLSearchParams(search);
  const oneOf = <T extends string>(name: string, allowed: readonly T[], fallback: T): T =>
    allowed.find((value) => value === query.get(name)) ?? fallback;
  const asked = (query.get('years') ?? '').split(',').map(Number);
  const years = choices.years.filter((year) => asked.includes(year));
  const base = Number(query.get('base'));
  return {
    years: years.length > 0 ? years : choices.years.slice(-YEARS_SHOWN_FIRST),
    base: years.includes(base) ? base : null,
    survey: oneOf('survey', ['exclude', 'include', 'only'], 'exclude'),
    normalise: oneOf('normalise', ['total', 'perAddress'], 'total'),
    scheme: oneOf('scheme', choices.schemes, choices.schemes[0] ?? ''),
    months: monthsFrom(query.get('months')),
    sensors: query.getAll('sensor').filter((sensor) => choices.sensors.includes(sensor)),
    lang: oneOf('lang', ['en', 'ja'], browserLang.startsWith('ja') ? 'ja' : 'en'),
    theme: oneOf('theme', ['auto', 'light', 'dark'], 'auto'),
  };
}

function monthsFrom(text: string | null): [number, number] {
  const [from = 1, to = 12] = (text ?? '').split('-').map(Number);
  return from >= 1 && from <= to && to <= 12 ? [from, to] : [1, 12];
}

/** The part that the report depends on, as /api/v1/yearly takes it. */
export function reportQuery(state: State): URLSearchParams {
  const query = new URLSearchParams({ years: state.years.join(',') });
  if (state.base !== null) query.set('base', String(state.base));
  query.set('survey', state.survey);
  query.set('normalise', state.normalise);
  query.set('scheme', state.scheme);
  query.set('months', state.months.join('-'));
  query.set('lang', state.lang);
  for (const sensor of state.sensors) query.append('sensor', sensor);
  return query;
}

/** The page's own address for this view. */
export function pageQuery(state: State): string {
  const query = reportQuery(state);
  if (state.theme !== 'auto') query.set('theme', state.theme);
  return `?${query.toString().replaceAll('%2C', ',')}`;
}

/** The address while nothing is known yet: only what was just chosen changes, the rest of a shared view stays. */
export function withPart(search: string, part: Partial<State>): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(part)) query.set(name, String(value));
  return `?${query.toString().replaceAll('%2C', ',')}`;
}
