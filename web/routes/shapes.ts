// Pieces of the schemas of answers.
import type { Schema } from './dataset.ts';

export const text: Schema = { type: 'string' };
export const number: Schema = { type: 'number' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const nullable = (schema: Schema): Schema => ({ ...schema, type: [schema.type as string, 'null'] });
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const counts: Schema = { type: 'object', additionalProperties: count };

/** An object that has all of these properties and no other. */
export function object(properties: Record<string, Schema>): Schema {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

export const rangeFacts = {
  from: text,
  to: text,
  timeZone: text,
  sensors: list(text),
  rulesVersions: list(text),
  coverage: number,
};
export const note = object({ id: text, day: text, text });
