// A user's own rules (`--rules FILE`): checked against a schema, with errors that name the place.
import { Ajv, type ValidateFunction } from 'ajv';
import { compileRules, type RuleSet } from './rules.ts';

const schema = {
  type: 'object',
  required: ['version', 'rules'],
  additionalProperties: false,
  properties: {
    version: { type: 'string', minLength: 1, maxLength: 64 },
    rules: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['category', 'proto', 'ports', 'why'],
        additionalProperties: false,
        properties: {
          category: { type: 'string', pattern: '^[a-z0-9]+(/[a-z0-9]+)?$' },
          proto: { enum: ['tcp', 'udp'] },
          ports: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^[0-9]{1,5}(-[0-9]{1,5})?$' } },
          why: { type: 'string', minLength: 1 },
        },
      },
    },
  },
};

/** Compiled when there are rules to check: it takes 50 ms, and most runs have the built-in ones. */
let compiled: ValidateFunction<RuleSet> | undefined;

/**
 * @param text the file's JSON: `{ version, rules: [{ category, proto, ports, why }] }`
 * @throws Error saying what is wrong and where in the file
 */
export function parseRules(text: string): RuleSet {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Error(`not JSON: ${(error as Error).message}`);
  }
  compiled ??= new Ajv({ allErrors: false }).compile<RuleSet>(schema);
  const validate = compiled;
  if (!validate(parsed)) {
    const [first] = validate.errors ?? [];
    throw new Error(`${first?.instancePath || 'the file'} ${first?.message}`);
  }
  compileRules(parsed);
  return parsed;
}
