// bench/RESULTS.md: a section for each case, between two marks that name it. A case that is measured again replaces its own section; the
// rest of the file, which people write, stays as it is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a case found. */
export interface Section {
  /** Of the case: `npm run bench -- NAME`. */
  name: string;
  /** What is measured, in a line. */
  title: string;
  /** Arguments that were given besides the name. */
  args: readonly string[];
  /** What was measured on, and with what: `statement()` in machine.ts. */
  statement: string;
  /** As printed: columns of text. */
  text: string;
  bars: readonly Bar[];
}

/** What a case must reach. */
export interface Bar {
  what: string;
  /** In words: "≤ 1.1". */
  bar: string;
  /** With its unit. */
  measured: string;
  met: boolean;
}

/** A bar that a figure must not exceed. */
export function atMost(what: string, limit: number, measured: number, unit = ''): Bar {
  return { what, bar: `≤ ${limit}${unit}`, measured: `${figure(measured)}${unit}`, met: measured <= limit };
}

/** A bar that a figure must reach. */
export function atLeast(what: string, limit: number, measured: number, unit = ''): Bar {
  const bar = `≥ ${limit.toLocaleString('en')}${unit}`;
  return { what, bar, measured: `${figure(measured)}${unit}`, met: measured >= limit };
}

function figure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}

/** The section as it is printed. */
export function sectionText({ text, bars }: Section): string {
  const lines = bars.map(
    ({ what, bar, measured, met }) => `${met ? 'met    ' : 'NOT MET'} ${what}: ${measured} (${bar})`,
  );
  return [text.trimEnd(), ...(lines.length > 0 ? ['', ...lines] : [])].join('\n');
}

const RESULTS = path.resolve(import.meta.dirname, '../../bench/RESULTS.md');

/** Writes the section into the file of results, in the place of what it said of the case before. */
export function writeSection(section: Section, file = RESULTS): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : HEAD;
  writeFileSync(file, withSection(before, section));
}

const HEAD = `# Results

What \`npm run bench\` measured. Each section says what printed it, and is replaced when that is run again; text outside of the sections stays.
`;

/** @param document all of the file */
export function withSection(document: string, section: Section): string {
  const key = keyOf(section);
  const [begin, end] = [`<!-- case ${key} -->`, `<!-- end of ${key} -->`];
  const written = `${begin}\n${markdown(section)}${end}\n`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from === -1 && to === -1) return `${document.trimEnd()}\n\n${written}`;
  if (to < from || from === -1) throw new Error(`the marks of ${key} in bench/RESULTS.md are not in order`);
  return `${document.slice(0, from)}${written}${document.slice(to + end.length + 1)}`;
}

/** A case of another size has a section of its own; more runs replace fewer. */
function keyOf({ name, args }: Section): string {
  const at = args.indexOf('--runs');
  const those = at === -1 ? args : args.toSpliced(at, 2);
  return [name, ...those.map((arg) => arg.replace(/^--/, ''))].join(' ');
}

function markdown({ name, title, args, statement, text, bars }: Section): string {
  const command = ['npm run bench --', name, ...args].join(' ');
  const lines = [
    `## ${name}: ${title}`,
    '',
    '```sh',
    command,
    '```',
    '',
    '```text',
    statement,
    '',
    text.trimEnd(),
    '```',
    '',
  ];
  if (bars.length > 0) {
    lines.push('| bar | wanted | measured | |', '| --- | --- | --- | --- |');
    for (const { what, bar, measured, met } of bars)
      lines.push(`| ${what} | ${bar} | ${measured} | ${met ? 'met' : '**not met**'} |`);
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}
