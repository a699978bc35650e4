// Options that several commands share, checked where they come in.
import { type Command, InvalidArgumentError, Option } from 'commander';
import ipaddr from 'ipaddr.js';
import type { Prefix } from '../analyzer/decode/darknet.ts';
import { UsageError } from '../store/usage-error.ts';

export interface StoreOptions {
  data: string;
  clickhouse?: string;
  database?: string;
  ca?: string;
}

/** Where the tables are: every command that reads or writes them has these. */
export function storeOptions(command: Command): Command {
  return command
    .addOption(dataOption())
    .addOption(clickhouseOption())
    .addOption(databaseOption())
    .addOption(caOption());
}

export function dataOption(): Option {
  return new Option('--data <dir>', 'data directory of the embedded database')
    .env('UMBRASCOPE_DATA')
    .default('./umbrascope-data');
}

export function clickhouseOption(): Option {
  return new Option('--clickhouse <url>', 'a ClickHouse server instead: http://user:password@host:8123').env(
    'CLICKHOUSE_URL',
  );
}

export function databaseOption(): Option {
  return new Option('--database <name>', 'database of the server (default: umbrascope)').env('CLICKHOUSE_DATABASE');
}

export function caOption(): Option {
  return new Option('--ca <file>', 'certificate of the authority that signed the server’s').env('CLICKHOUSE_CA');
}

/** Given once for each sensor, so that it never swallows a word behind it. */
export function sensorOption(): Option {
  return new Option('--sensor <name>', 'only this sensor or group of sensors; may be given several times').argParser(
    (name: string, before: string[] | undefined) => [...(before ?? []), name],
  );
}

/** @throws UsageError for what is no CIDR prefix */
export function parsePrefix(text: string): Prefix {
  try {
    const [address, bits] = ipaddr.parseCIDR(text);
    return { bytes: address.toByteArray(), bits };
  } catch {
    throw new UsageError(`--darknet ${text}: not a prefix such as 198.51.100.0/24 or 2001:db8::/64`);
  }
}

/** A positive whole number, for commander. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('not a whole number above 0.');
  return value;
}

/** A number above 0, for commander. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('not a number above 0.');
  return value;
}

/** A port to listen on, for commander. */
export function portNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65535) throw new InvalidArgumentError('not a port (0-65535).');
  return value;
}

/** A date or time in UTC as seconds since 1970, for commander. */
export function instant(text: string): number {
  const milliseconds = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(milliseconds))
    throw new InvalidArgumentError('not a date such as 2020-01-31 or 2020-01-31T12:00:00Z.');
  return milliseconds / 1000;
}

/** A calendar day, for commander. */
export function calendarDay(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('not a day such as 2020-01-31.');
  return text;
}

/** @throws UsageError when the zone is not known, or not always whole hours from UTC: hours are whole hours UTC */
export function checkTimeZone(timeZone: string): string {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    throw new UsageError(`--time-zone ${timeZone}: not a time zone such as UTC or Asia/Tokyo`);
  }
  const odd = [Date.UTC(2020, 0), Date.UTC(2020, 6), Date.UTC(2000, 0), Date.now()].some((time) =>
    /:(?!00)\d\d$/.test(format.format(time)),
  );
  if (odd)
    throw new UsageError(`--time-zone ${timeZone} is not whole hours from UTC: days cannot be cut from whole hours`);
  return timeZone;
}

const MILLISECONDS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration such as 5s, 500ms or 10m in milliseconds, for commander. */
export function duration(text: string): number {
  const [, value, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const milliseconds = Number(value) * (MILLISECONDS[unit] ?? Number.NaN);
  if (!(milliseconds > 0)) throw new InvalidArgumentError('not a duration such as 5s, 500ms or 10m.');
  return milliseconds;
}

const BYTES: Record<string, number> = {
  '': 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** A size such as 10GB or 512MiB in bytes, for commander. */
export function byteSize(text: string): number {
  const [, value, unit = ''] = /^(\d+(?:\.\d+)?)(kB|MB|GB|TB|KiB|MiB|GiB)?$/.exec(text) ?? [];
  const bytes = Number(value) * (BYTES[unit] ?? Number.NaN);
  if (!(bytes > 0)) throw new InvalidArgumentError('not a size such as 10GB or 512MiB.');
  return Math.round(bytes);
}
