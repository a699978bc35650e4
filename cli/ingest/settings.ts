// What units are counted with: rules, and what is remembered of the sensor; as options give it, and as the ledger keeps it.
import { readFileSync } from 'node:fs';
import { DEFAULT_RULES, type RuleSet } from '../../analyzer/classify/rules.ts';
import { TCP } from '../../analyzer/protocols.ts';
import type { AnalyzerConfig } from '../../analyzer/unit.ts';
import type { Connection } from '../../store/database.ts';
import { DEFAULT_SURVEY_RULE, readSensors, type Sensor, storedRules } from '../../store/sensors.ts';
import { UsageError } from '../../store/usage-error.ts';
import type { IngestOptions } from '../ingest.ts';
import { checkTimeZone, parsePrefix } from '../options.ts';

/** What the database's 32-bit seconds hold, and a day less so that every day has an end. */
const LAST_TIME = Date.UTC(2106, 1, 6) / 1000;

/** What a unit was counted with besides the rules. */
export interface Settings {
  darknet: string[];
  timeZone: string;
  earliest: number;
  latest: number;
}

/** As the ledger keeps it: the same settings are the same text. */
export function settingsText({ darknet, timeZone, earliest, latest }: Settings): string {
  return JSON.stringify({ darknet, timeZone, earliest, latest });
}

export function analyzerConfig(rules: RuleSet, settings: string): AnalyzerConfig {
  const { darknet, ...others } = JSON.parse(settings) as Settings;
  return { rules, darknet: darknet.map(parsePrefix), ...others };
}

/** Rules of a version that classified something; the built-in ones where no version is given. */
export async function rulesOf(db: Connection, version: string = DEFAULT_RULES.version): Promise<RuleSet> {
  if (version === DEFAULT_RULES.version) return DEFAULT_RULES;
  const rows = await storedRules(db, version);
  return {
    version,
    rules: rows.map(({ proto, port, category, why }) => {
      return { category, proto: proto === TCP ? 'tcp' : 'udp', ports: [String(port)], why };
    }),
  };
}

export async function knownSensor(db: Connection, name: string): Promise<Sensor | undefined> {
  return (await readSensors(db)).find(({ sensor }) => sensor === name);
}

/** Packets were counted as of a sensor that nobody knows: another command must not have made it known meanwhile. */
export async function refuseUsed(db: Connection, sensor: string, directory: string): Promise<void> {
  if (await knownSensor(db, sensor))
    throw new Error(`another command began to use ${directory} at the same time: give the same command again`);
}

/** What is not given stays as it was for the sensor. */
export function settledSensor(known: Sensor | undefined, options: IngestOptions, rulesVersion: string): Sensor {
  const minPacketsPerAddress =
    options.surveyPackets ?? known?.minPacketsPerAddress ?? DEFAULT_SURVEY_RULE.minPacketsPerAddress;
  if (options.latest > LAST_TIME) throw new UsageError('--latest: the database holds times up to 2106-02-06');
  const timeZone = checkTimeZone(options.timeZone ?? known?.timeZone ?? 'UTC');
  return {
    sensor: options.sensor,
    timeZone,
    darknet: options.darknet ?? known?.darknet ?? [],
    rulesVersion,
    minPorts: options.surveyPorts ?? known?.minPorts ?? DEFAULT_SURVEY_RULE.minPorts,
    minPacketsPerAddress,
  };
}

/** What checks a file of rules is loaded where there is one: it takes as long as all else that `ingest` is made of. */
export async function readRules(file: string): Promise<RuleSet> {
  const { parseRules } = await import('../../analyzer/classify/rules-file.ts');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--rules ${file}: ${(error as Error).message}`);
  }
  try {
    return parseRules(text);
  } catch (error) {
    throw new UsageError(`--rules ${file}: ${(error as Error).message}`);
  }
}
