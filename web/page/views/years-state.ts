// What the reader has chosen of the year-on-year view, as it stands in the page's address. What does not hold for the data is left out.
import type { Normalise, SurveyChoice } from '../../report/shape.ts';
import { apiQuery, type Context, chosen } from '../context.ts';

export interface YearsState {
  /** Ascending. */
  years: number[];
  /** null: the first of the years. */
  base: number | null;
  survey: SurveyChoice;
  normalise: Normalise;
  scheme: string;
  months: [number, number];
}

const YEARS_SHOWN_FIRST = 10;

export function yearsState({ query, choices }: Context): YearsState {
  const asked = (query.get('years') ?? '').split(',').map(Number);
  const years = choices.years.filter((year) => asked.includes(year));
  const base = Number(query.get('base'));
  return {
    years: query.get('years') === null ? choices.years.slice(-YEARS_SHOWN_FIRST) : years,
    base: years.includes(base) ? base : null,
    survey: chosen(query, 'survey', ['exclude', 'include', 'only']),
    normalise: chosen(query, 'normalise', ['total', 'perAddress']),
    scheme: chosen(query, 'scheme', choices.schemes),
    months: monthsFrom(query.get('months')),
  };
}

function monthsFrom(text: string | null): [number, number] {
  const [from = 1, to = 12] = (text ?? '').split('-').map(Number);
  return from >= 1 && from <= to && to <= 12 ? [from, to] : [1, 12];
}

/** As /api/v1/yearly takes it. */
export function yearsQuery(state: YearsState, { lang, sensors }: Context): string {
  const { years, months, ...rest } = state;
  return apiQuery({ years: years.join(','), ...rest, months: months.join('-'), lang, sensor: sensors });
}
