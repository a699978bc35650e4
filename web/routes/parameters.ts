// Parameters that several routes share, each bounded, and the query of a span of days that they stand for.
import type { RangeQuery } from '../report/scope.ts';
import type { Schema } from './dataset.ts';

const DAY = '^(19[7-9]\\d|20\\d\\d|210[0-5])-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$';
const NUMBER = '(6553[0-5]|655[0-2]\\d|65[0-4]\\d\\d|6[0-4]\\d{3}|[1-5]\\d{4}|\\d{1,4})';
const BYTE = '(25[0-5]|2[0-4]\\d|1\\d\\d|\\d{1,2})';
/** `tcp/23`. */
export const TRANSPORT_PORT = `^(tcp|udp)/${NUMBER}$`;
/** Also `icmp/3.3` and `ip/47`. */
export const PORT = `^((tcp|udp)/${NUMBER}|icmp(v6)?/${BYTE}\\.${BYTE}|ip/${BYTE})$`;

export const day = (description: string): Schema => ({ type: 'string', pattern: DAY, description });
export const choice = (values: readonly string[], description: string, fallback?: string): Schema => ({
  type: 'string',
  enum: values,
  description,
  ...(fallback === undefined ? {} : { default: fallback }),
});
export const whole = (minimum: number, maximum: number, description: string, fallback?: number): Schema => ({
  type: 'integer',
  minimum,
  maximum,
  description,
  ...(fallback === undefined ? {} : { default: fallback }),
});
export const sensors: Schema = {
  type: 'array',
  maxItems: 100,
  uniqueItems: true,
  default: [],
  items: { type: 'string', minLength: 1, maxLength: 100 },
  description: 'a sensor or a group of sensors; may be given several times; without it all',
};
export const kind = choice(['scan', 'backscatter', 'other', 'all'], 'kind of packets', 'scan');
export const survey = choice(['exclude', 'include', 'only'], 'packets of survey scanners', 'include');

/** A query string that takes these parameters and no other. */
export function parameters(
  properties: Record<string, Schema>,
  required: string[] = [],
  formats = ['json', 'csv'],
): Schema {
  const format = choice(formats, 'instead of the Accept header');
  return { type: 'object', additionalProperties: false, required, properties: { ...properties, format } };
}

export interface RangeParameters {
  from?: string;
  to?: string;
  sensor: string[];
}

export const range = {
  from: day('first day, YYYY-MM-DD'),
  to: day('last day, YYYY-MM-DD; without it the last day with packets'),
  sensor: sensors,
};

/** @throws UsageError for a day that no month has */
export function rangeOf({ from, to, sensor }: RangeParameters): RangeQuery {
  return { ...(from ? { from: checkedDay(from) } : {}), ...(to ? { to: checkedDay(to) } : {}), sensors: sensor };
}

export function checkedDay(text: string): string {
  const date = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text)
    throw usageError(`${text} is not a day of the calendar`);
  return text;
}

export function usageError(message: string): Error {
  const error = new Error(message);
  error.name = 'UsageError';
  return error;
}
