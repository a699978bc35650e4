// The options of `umbrascope sensor`. Each is a flag, an environment variable (UMBRASCOPE_…) and a key of the configuration file.
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  byteSize,
  caOption,
  clickhouseOption,
  databaseOption,
  dataOption,
  duration,
  type StoreOptions,
  wholeNumber,
} from '../options.ts';
import { splitAddress } from './endpoints.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import { OWN_USER } from './privileges.ts';
import type { SensorSettings } from './settle.ts';

/** Who captures: the kernel's ring, read here; tcpdump; or the npm package cap. */
export const CAPTURES = ['ring', 'tcpdump', 'cap'] as const;

/** One sensor of the process: what it hears and what it is. */
export interface SensorPart extends SensorSettings {
  interface: string[];
  filter?: string;
  snaplen: number;
  /** MiB. */
  ring: number;
  promiscuous: boolean;
  capture: (typeof CAPTURES)[number];
}

/** What all sensors of a process share. Durations are milliseconds, sizes bytes. */
export interface ProcessPart extends StoreOptions {
  flush: number;
  finalise: number;
  workers: number;
  spoolSize: number;
  /** Directory of kept captures. */
  keep?: string;
  keepSize: number;
  user: string;
  /** Where /metrics and /healthz are; false = nowhere. */
  metrics: string | false;
  logLevel: LogLevel;
  json?: boolean;
}

export interface SensorOptions extends ProcessPart {
  sensors: SensorPart[];
}

/** Keys that stand for one sensor: in a configuration file also below `sensors`. */
export const SENSOR_KEYS = [
  'sensor',
  'interface',
  'filter',
  'darknet',
  'timeZone',
  'rules',
  'snaplen',
  'ring',
  'promiscuous',
  'capture',
] as const;

const MOST_WORKERS = 4;

function sensorOptions(): Option[] {
  return [
    new Option('-i, --interface <name...>', 'interface to hear, or several'),
    new Option('--filter <text>', 'what to hear, in tcpdump’s language (compiled by tcpdump, which must be installed)'),
    new Option('--sensor <name>', 'name of the sensor').default('default'),
    new Option(
      '--darknet <cidr...>',
      'monitored prefixes; packets to other addresses get a fate of their own (default: as last given)',
    ),
    new Option('--time-zone <name>', 'cuts days, e.g. Asia/Tokyo (default: the sensor’s, at first UTC)'),
    new Option('--rules <file>', 'port → category rules as JSON instead of the built-in ones'),
    new Option('--snaplen <bytes>', 'bytes kept of a frame').argParser(wholeNumber).default(96),
    new Option('--ring <mebibytes>', 'room for frames in the kernel').argParser(wholeNumber).default(256),
    new Option('--no-promiscuous', 'hear only what is sent to the interface’s own address'),
    new Option(
      '--capture <way>',
      'the kernel’s ring (Linux); tcpdump, which tells its losses only at the end; or the npm package cap, which never does',
    )
      .choices(CAPTURES)
      .default(process.platform === 'linux' ? 'ring' : 'tcpdump'),
  ];
}

function processOptions(): Option[] {
  const workers = Math.max(1, Math.min(availableParallelism() - 1, MOST_WORKERS));
  return [
    new Option('--flush <duration>', 'how often counts go to disk and database')
      .argParser(duration)
      .default(duration('5s'), '5s'),
    new Option('--finalise <duration>', 'how often the running day is made')
      .argParser(duration)
      .default(duration('5m'), '5m'),
    new Option('--workers <n>', 'threads that count').argParser(wholeNumber).default(workers),
    new Option(
      '--spool-size <bytes>',
      'disk for what the database does not take; above it the oldest is lost, and counted',
    )
      .argParser(byteSize)
      .default(byteSize('10GB'), '10GB'),
    new Option('--keep <dir>', 'keep what is heard as compressed captures, too'),
    new Option('--keep-size <bytes>', 'room for them, of each sensor; the oldest go')
      .argParser(byteSize)
      .default(byteSize('100GB'), '100GB'),
    new Option('--user <name>', 'started as root: what to become once the sockets are open').default(OWN_USER),
    new Option('--metrics <host:port>', 'where /metrics and /healthz are').argParser(address).default('127.0.0.1:9464'),
    new Option('--no-metrics', 'nowhere'),
    new Option('--log-level <level>', 'least that is said on standard error').choices(LOG_LEVELS).default('info'),
    new Option('--json', 'print the account as one line of JSON'),
  ];
}

function placeOptions(): Option[] {
  return [dataOption(), clickhouseOption(), databaseOption(), caOption()];
}

export function addSensorOptions(command: Command): Command {
  for (const option of [...sensorOptions(), ...placeOptions(), ...processOptions()]) {
    command.addOption(option.envVar ? option : option.env(variableOf(option)));
  }
  return command;
}

/** `--spool-size` is UMBRASCOPE_SPOOL_SIZE. */
function variableOf(option: Option): string {
  return `UMBRASCOPE_${(option.long ?? '').replace(/^--/, '').replaceAll('-', '_').toUpperCase()}`;
}

function address(text: string): string {
  const { host, port } = splitAddress(text);
  if (host === '' || port > 65_535) throw new InvalidArgumentError('not an address such as 127.0.0.1:9464.');
  return text;
}
