// The configuration file of `umbrascope sensor`: YAML with the options' names as keys, and several sensors below `sensors`. A flag goes
// before an environment variable, that before the file, that before the default.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { Command, Option } from 'commander';
import { parse, stringify } from 'yaml';
import { UsageError } from '../../store/usage-error.ts';
import { CAPTURES, type ProcessPart, SENSOR_KEYS, type SensorOptions, type SensorPart } from './options.ts';

type Values = Record<string, unknown>;

const OF_ONE_SENSOR: ReadonlySet<string> = new Set(SENSOR_KEYS);
const NOT_IN_FILES: ReadonlySet<string> = new Set(['config', 'printConfig', 'check']);

const text = { type: 'string', minLength: 1 };
const count = { type: 'integer', minimum: 1 };
const texts = { oneOf: [text, { type: 'array', items: text, minItems: 1 }] };
const flag = { type: 'boolean' };
const sensorSchema = {
  sensor: text,
  interface: texts,
  filter: text,
  darknet: texts,
  timeZone: text,
  rules: text,
  snaplen: count,
  ring: count,
  promiscuous: flag,
  capture: { enum: CAPTURES },
};
const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...sensorSchema,
    data: text,
    clickhouse: text,
    database: text,
    ca: text,
    flush: text,
    finalise: text,
    workers: count,
    spoolSize: { oneOf: [text, count] },
    keep: text,
    keepSize: { oneOf: [text, count] },
    user: text,
    metrics: { oneOf: [text, { const: false }] },
    logLevel: text,
    json: flag,
    sensors: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        properties: sensorSchema,
        required: ['sensor', 'interface'],
      },
    },
  },
};
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile<Values & { sensors?: Values[] }>(schema);

/** @throws UsageError that names the place in the file */
function readConfig(file: string): Values & { sensors?: Values[] } {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8')) ?? {};
  } catch (error) {
    throw new UsageError(`--config ${file}: ${(error as Error).message.split('\n')[0]}`);
  }
  if (validate(content)) return content;
  const problems = (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const extra = (params as { additionalProperty?: string }).additionalProperty;
    return `${instancePath || 'it'} ${message}${extra ? ` (${extra})` : ''}`;
  });
  throw new UsageError(`--config ${file}: ${problems.join('; ')}`);
}

/**
 * The options as flags, environment and file give them together.
 * @throws UsageError for a file that is wrong, or flags that do not go with it
 */
export function settleOptions(command: Command, options: Values, file: string | undefined): SensorOptions {
  const config = file ? readConfig(file) : {};
  const given = new Set(command.options.map(nameOf).filter((name) => !isDefault(command, name)));
  const chosen = (name: string, from: Values, where: string) => {
    if (given.has(name)) return options[name];
    if (from[name] === undefined) return options[name] === '' ? defaultOf(command, name) : options[name];
    return parsed(command, name, from[name], where);
  };
  const shared: Values = {};
  for (const name of new Set(command.options.map(nameOf)))
    if (!OF_ONE_SENSOR.has(name)) shared[name] = chosen(name, config, `--config ${file}`);
  const sensors = (config.sensors ?? [{}]).map((own) => {
    const merged = { ...config, ...own };
    return asSensor(Object.fromEntries(SENSOR_KEYS.map((name) => [name, chosen(name, merged, `--config ${file}`)])));
  });
  checkSeveral(sensors);
  return { ...(shared as unknown as ProcessPart), sensors };
}

/** As a configuration file that says the same. */
export function configText({ sensors, ...shared }: SensorOptions): string {
  const entries = Object.entries(shared).filter(([name, value]) => !NOT_IN_FILES.has(name) && value !== undefined);
  const durations = new Set(['flush', 'finalise']);
  const values = entries.map(([name, value]) => [name, durations.has(name) ? `${value}ms` : value]);
  return stringify({ ...Object.fromEntries(values), sensors });
}

function nameOf(option: Option): string {
  return option.attributeName();
}

/** An environment variable that is set to nothing says nothing. */
function isDefault(command: Command, name: string): boolean {
  const source = command.getOptionValueSource(name);
  return source === undefined || source === 'default' || (source === 'env' && command.getOptionValue(name) === '');
}

function defaultOf(command: Command, name: string): unknown {
  return command.options.find((option) => nameOf(option) === name && !option.negate)?.defaultValue;
}

/** A value of the file, checked as the flag's would be. */
function parsed(command: Command, name: string, value: unknown, where: string): unknown {
  const option = command.options.find((one) => nameOf(one) === name && !one.negate) as Option | undefined;
  if (typeof value !== 'string' || option?.parseArg === undefined) return value;
  try {
    return option.parseArg(value, undefined);
  } catch (error) {
    throw new UsageError(`${where}: ${name}: ${(error as Error).message}`);
  }
}

/** Lists may come as one text with blanks or commas between, as environment variables have them. */
function asSensor({ interface: names, darknet, ...others }: Values): SensorPart {
  const list = (value: unknown) =>
    [value ?? []].flat().flatMap((item) =>
      String(item)
        .split(/[\s,]+/)
        .filter(Boolean),
    );
  const sensor = { ...others, interface: list(names) } as SensorPart;
  if (darknet !== undefined) sensor.darknet = list(darknet);
  for (const key of SENSOR_KEYS) if (sensor[key] === undefined) delete sensor[key];
  return sensor;
}

function checkSeveral(sensors: readonly SensorPart[]): void {
  const twice = (names: string[]) => names.find((name, i) => names.indexOf(name) !== i);
  const sensor = twice(sensors.map((part) => part.sensor));
  if (sensor !== undefined) throw new UsageError(`two sensors are named ${sensor}`);
  const name = twice(sensors.flatMap((part) => part.interface));
  if (name !== undefined) throw new UsageError(`${name} would be heard twice`);
}
