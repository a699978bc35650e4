// What the documentation says is what the program does: made pages, commands, options, links, printed output.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { madePages } from '../../cli/docs.ts';
import { ADVICES } from '../../cli/sensor/log.ts';
import { startCommand, temporaryDirectory, umbrascope } from '../setup/command.ts';

const root = path.resolve(import.meta.dirname, '../..');
const PAGES = [
  'README.md',
  ...['ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

function page(name: string): string {
  return readFileSync(path.join(root, name), 'utf8');
}

test('tables.md and rules.md are what `npm run docs` writes', () => {
  for (const [name, content] of Object.entries(madePages())) expect(page(`docs/${name}`), name).toBe(content);
});

let asked: Promise<Map<string, Set<string>>> | undefined;

/** Options of each command, as its help names them. */
function optionsByCommand(): Promise<Map<string, Set<string>>> {
  asked ??= askOptions();
  return asked;
}

/** Commands within commands too, by both names. */
async function askOptions(within: readonly string[] = []): Promise<Map<string, Set<string>>> {
  const { stdout } = await umbrascope([...within, '--help']);
  const known = new Map(within.length > 0 ? [[within.join(' '), new Set(optionsIn(stdout))]] : []);
  if (!stdout.includes('Commands:')) return known;
  const listed = stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z]+) /gm);
  const names = [...listed].flatMap(([, name]) => (name === undefined || name === 'help' ? [] : [name]));
  const below = await Promise.all(names.map((name) => askOptions([...within, name])));
  return new Map([...known, ...below.flatMap((commands) => [...commands])]);
}

function optionsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*[a-z]/g)].map(([option]) => option);
}

/** Text in backticks and in blocks of commands: what a reader may type. */
function typed(text: string): string[] {
  const blocks = [...text.matchAll(/^```(sh|console)\n(.*?)^```/gms)].flatMap(([, , block]) =>
    (block ?? '').split('\n'),
  );
  const prose = text.replaceAll(/^```.*?^```/gms, '');
  return [...blocks, ...[...prose.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span ?? '')];
}

/** Options of other programs that the pages name. */
const FOREIGN = /\b(npm|vitest|biome|curl|clickhouse local|useradd|apt-get|systemd-analyze|systemctl)\b/;
const OF_THE_PROGRAM = new Set(['--help', '--version']);

test('every command and option named in the documentation exists', { timeout: 30_000 }, async () => {
  const known = await optionsByCommand();
  const anywhere = new Set([...OF_THE_PROGRAM, ...[...known.values()].flatMap((options) => [...options])]);
  const unknown = PAGES.flatMap((name) =>
    typed(page(name)).flatMap((line) => {
      const [, outer, inner] = /\bumbrascope ([a-z]+)(?: ([a-z]+))?\b/.exec(line) ?? [];
      const command = known.has(`${outer} ${inner}`) ? `${outer} ${inner}` : outer;
      if (command !== undefined && !known.has(command)) return [`${name}: ${line}`];
      const options = FOREIGN.test(line) ? [] : optionsIn(line);
      const allowed = (command === undefined ? undefined : known.get(command)) ?? anywhere;
      return options.filter((option) => !allowed.has(option)).map((option) => `${name}: ${option} in ${line}`);
    }),
  );
  expect(known.size).toBeGreaterThan(5);
  expect(unknown).toEqual([]);
});

test('the README lists every command', async () => {
  for (const command of (await optionsByCommand()).keys())
    expect(page('README.md')).toContain(`\`umbrascope ${command}\``);
});

test('every link and every file named leads somewhere', () => {
  const missing = PAGES.flatMap((name) => {
    const text = page(name);
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to ?? '').filter((to) => !/^[a-z]+:/.test(to));
    const broken = links.filter((to) => !leads(name, to));
    const files = [...text.matchAll(/`((?:analyzer|collector|store|web|cli|test)\/[\w/.-]+\.ts)`/g)].map(
      ([, file]) => file ?? '',
    );
    return [...broken, ...files.filter((file) => !existsSync(path.join(root, file)))].map((to) => `${name}: ${to}`);
  });
  expect(missing).toEqual([]);
});

test('every warning of a sensor leads to advice', () => {
  expect(ADVICES.filter((advice) => !leads('README.md', `docs/operating.md#${advice}`))).toEqual([]);
});

function leads(from: string, to: string): boolean {
  const [file = '', anchor] = to.split('#');
  const target = file === '' ? from : path.join(path.dirname(from), file);
  if (!existsSync(path.join(root, target))) return false;
  if (anchor === undefined) return true;
  const headings = [...page(target).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading ?? '');
  return headings.some((heading) => anchor === anchorOf(heading));
}

/** As GitHub makes anchors. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** What differs from machine to machine and run to run. */
function steady(text: string): string {
  return text
    .replaceAll(/in [\d.]+ s, [\d,]+ packets\/s/g, 'in … s')
    .replaceAll(/in [\d.]+ s$/gm, 'in … s')
    .replaceAll(/^database .*$/gm, 'database …')
    .trimEnd();
}

const run = promisify(execFile);

test('what the README and docs show printed is what is printed, and the picture what is drawn', {
  timeout: 120_000,
}, async () => {
  const data = temporaryDirectory();
  const env = { ...process.env, UMBRASCOPE_DATA: data, CLICKHOUSE_URL: '' };
  const program = `'${process.execPath}' dist/program/main.js`;
  const shell = async (command: string) => {
    const { stdout } = await run('sh', ['-c', command.replace('npx umbrascope', program)], { cwd: root, env });
    return stdout;
  };
  // Keeps the engine up from one command to the next.
  const { child, outcome } = startCommand(['serve', '--data', data, '--port', '0']);
  try {
    for (const { command, output } of ['README.md', 'docs/operators.md', 'docs/researchers.md'].flatMap(examples)) {
      const printed = steady(await shell(command));
      const expected = steady(output);
      if (expected.endsWith('\n…')) expect(`${printed.slice(0, expected.length - 1)}…`, command).toBe(expected);
      else expect(printed, command).toBe(expected);
    }
    for (const picture of ['yearly.svg', 'trend.svg']) {
      const drawn = path.join(data, picture);
      const made = new RegExp(`\`(npx umbrascope report [^\`]*) -o docs/pictures/${picture}\``);
      const [, command = ''] = made.exec(page('README.md')) ?? [];
      await shell(`${command} -o '${drawn}'`);
      expect(readFileSync(drawn, 'utf8'), picture).toBe(page(`docs/pictures/${picture}`));
    }
  } finally {
    child.kill();
    await outcome;
  }
});

/** Commands with what they print, from the blocks of a page. */
function examples(name: string): { command: string; output: string }[] {
  const blocks = [...page(name).matchAll(/^```console\n(.*?)^```/gms)].map(([, block]) => block ?? '');
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((shown) => {
        const [command = '', ...lines] = shown.split('\n');
        return { command, output: lines.join('\n') };
      }),
  );
}
