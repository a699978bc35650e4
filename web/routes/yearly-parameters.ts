// The parameters of /api/v1/yearly: their bounded schema, and the query they stand for.
import type { YearlyQuery } from '../questions.ts';
import type { Lang, Normalise, SurveyChoice } from '../report/shape.ts';
import { usageError } from './parameters.ts';

const YEARS_AT_MOST = 20;

export interface YearlyParameters {
  years?: string;
  base?: number;
  top: number;
  scheme: string;
  survey: SurveyChoice;
  months: string;
  normalise: Normalise;
  lang: Lang;
  sensor: string[];
  format?: 'json' | 'csv' | 'svg';
}

export function yearlySchema(schemes: string[]) {
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      years: { type: 'string', pattern: `^[12][0-9]{3}(,[12][0-9]{3}){0,${YEARS_AT_MOST - 1}}$` },
      base: { type: 'integer', minimum: 1970, maximum: 2999 },
      top: { type: 'integer', minimum: 1, maximum: 1000, default: 30 },
      scheme: { type: 'string', enum: schemes, default: schemes[0] },
      survey: { type: 'string', enum: ['exclude', 'include', 'only'], default: 'exclude' },
      months: { type: 'string', pattern: '^(1[0-2]|[1-9])-(1[0-2]|[1-9])$', default: '1-12' },
      normalise: { type: 'string', enum: ['total', 'perAddress'], default: 'total' },
      lang: { type: 'string', enum: ['ja', 'en'], default: 'en' },
      sensor: {
        type: 'array',
        maxItems: 100,
        uniqueItems: true,
        default: [],
        items: { type: 'string', minLength: 1, maxLength: 100 },
      },
      format: { type: 'string', enum: ['json', 'csv', 'svg'] },
    },
  };
}

/** Without `years`, the latest of those there are. */
export function queryOf(parameters: YearlyParameters, known: number[]): YearlyQuery {
  const asked = parameters.years?.split(',').map(Number) ?? known.slice(-YEARS_AT_MOST);
  const [from = 1, to = 12] = parameters.months.split('-').map(Number);
  if (from > to) throw usageError(`months=${parameters.months}: the first month comes after the last`);
  const { base, top, scheme, survey, normalise, lang, sensor: sensors } = parameters;
  const years = [...new Set(asked)].sort((a, b) => a - b);
  return {
    years,
    ...(base === undefined ? {} : { base }),
    top,
    scheme,
    survey,
    months: [from, to],
    normalise,
    lang,
    sensors,
  };
}
