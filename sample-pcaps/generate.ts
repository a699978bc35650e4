// The command behind `npm run samples`: writes the sample captures, one gzip file for each month of 2019 and 2020.
// Usage: node dist/sample-pcaps/generate.js [DIRECTORY] [--multiply tcp/23=2]...
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { months, type Year, years } from './calendar.ts';
import { type CapturedFrame, writePcap, writePcapng } from './captures.ts';
import { yearTraffic } from './scenario.ts';
import { yearVolumes } from './year.ts';

export interface GenerateOptions {
  directory: string;
  /** Factors for the volume of single ports, such as { 'tcp/23': 2 }; survey scans stay as they are. */
  multiply?: Readonly<Record<string, number>>;
}

/** Months that are not classic pcap with microseconds. */
const formats: Record<string, 'pcapng' | 'nanoseconds'> = {
  '2019-09': 'pcapng',
  '2020-02': 'nanoseconds',
  '2020-07': 'pcapng',
};

/** The repository's own sample-pcaps folder, from the compiled file in dist/ as well as from the source. */
export function sampleDirectory(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const compiled = here.endsWith(join('dist', 'sample-pcaps') + sep);
  return compiled ? join(here, '..', '..', 'sample-pcaps') : join(here);
}

/** Writes the files and returns their paths in the order of time. The same options give the same bytes. */
export function generateSamples({ directory, multiply = {} }: GenerateOptions): string[] {
  checkMultiply(multiply);
  mkdirSync(directory, { recursive: true });
  return years.flatMap((year) => {
    const frames = yearTraffic(year, multiply);
    return months.map((month) => writeMonth(directory, year, month, frames));
  });
}

function writeMonth(directory: string, year: Year, month: number, frames: readonly CapturedFrame[]): string {
  const [from, to] = [Date.UTC(year, month) / 1000, Date.UTC(year, month + 1) / 1000];
  const captured = frames.filter(({ seconds }) => seconds >= from && seconds < to);
  const name = `${year}-${String(month + 1).padStart(2, '0')}`;
  const format = formats[name];
  const nanoseconds = format === 'nanoseconds';
  const bytes =
    format === 'pcapng'
      ? writePcapng(captured)
      : writePcap(captured.map(nanoseconds ? finerTime : same), { nanoseconds });
  const path = join(directory, `${name}.${format === 'pcapng' ? 'pcapng' : 'pcap'}.gz`);
  writeFileSync(path, compress(bytes));
  return path;
}

const same = (captured: CapturedFrame): CapturedFrame => captured;

/** Times of whole milliseconds, made finer in a way that keeps their order. */
function finerTime(captured: CapturedFrame): CapturedFrame {
  return { ...captured, nanos: captured.nanos + (((captured.nanos / 1_000_000) * 7919) % 1_000_000) };
}

/** gzip (RFC 1952) with nothing in its header that depends on the time or the system. */
function compress(bytes: Buffer): Buffer {
  const compressed = gzipSync(bytes, { level: 9, memLevel: 9 });
  compressed.fill(0, 4, 8);
  compressed[9] = 255;
  return compressed;
}

function checkMultiply(multiply: Readonly<Record<string, number>>): void {
  const known = new Set(years.flatMap((year) => yearVolumes(year).map(({ proto, port }) => `${proto}/${port}`)));
  for (const [port, factor] of Object.entries(multiply)) {
    if (!known.has(port)) throw new Error(`no traffic to multiply at ${port}; a port is written as tcp/23`);
    if (!(factor >= 0)) throw new Error(`cannot multiply ${port} by ${factor}`);
  }
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { multiply: { type: 'string', multiple: true, default: [] } },
  });
  const multiply = Object.fromEntries(
    values.multiply.map((text): [string, number] => {
      const [port, factor] = text.split('=');
      return [port ?? text, Number(factor)];
    }),
  );
  for (const path of generateSamples({ directory: positionals[0] ?? sampleDirectory(), multiply })) console.log(path);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
