// A client that a generator makes from the OpenAPI document compiles, and what it is answered is what its types say.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateApi } from 'swagger-typescript-api';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../setup/command.ts';
import { appFor } from './small-store.ts';

const COMPILER = path.resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc');

/** What a user of the client may write: every value has a type from the document. */
const USE = `
import { Api } from './client.js';
export async function ask(baseUrl: string) {
  const { api } = new Api({ baseUrl });
  const years = (await api.v1YearsList()).data;
  const yearly = (await api.v1YearlyList({ survey: 'include' })).data;
  const packets: number[] = yearly.years.map((year) => year.packets);
  const trend = (await api.v1TrendList({ from: '2020-01-01', to: '2020-12-31', scale: 'month', by: 'category' })).data;
  const totals: [string, number][] = trend.series.map(({ series, total }) => [series, total]);
  const refused: { status: number; title: string } = await api
    .v1TrendList({ from: 'yesterday' })
    .then(() => { throw new Error('a word was taken for a day'); }, (answer) => ({ status: answer.status, title: answer.error.title }));
  return { sensors: years.sensors, years: years.years, packets, totals, refused };
}`;

/** What its types must forbid. */
const WRONG = [
  "import { Api } from './client.js'; new Api().api.v1TrendList({ by: 'colour' });",
  "import { Api } from './client.js'; new Api().api.v1TrendList({ form: '2020-01-01' });",
  "import { Api } from './client.js'; new Api().api.v1YearsList().then(({ data }) => data.sensor);",
];

// Only a document that says enough lets the compiler refuse.
test('a generated client compiles, refuses what the service would refuse, and is answered', async () => {
  const app = await appFor();
  const spec = (await app.inject('/api/v1/openapi.json')).json();
  const { files } = await generateApi({ spec, output: false, httpClientType: 'fetch', silent: true });
  const directory = temporaryDirectory();
  const write = (name: string, text: string) => writeFileSync(path.join(directory, name), text);
  write('package.json', '{ "type": "module" }');
  write('client.ts', files.map(({ fileContent }) => fileContent).join('\n'));
  write('use.ts', USE);
  for (const [number, text] of WRONG.entries()) write(`wrong${number}.ts`, text);
  compile(directory, 'use.ts');
  const complaints = complaintsOf(() => compile(directory, ...WRONG.map((_, number) => `wrong${number}.ts`)));
  expect(complaints.sort()).toEqual(['wrong0.ts TS2322', 'wrong1.ts TS2353', 'wrong2.ts TS2551']);

  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  const { ask } = await import(pathToFileURL(path.join(directory, 'use.js')).href);
  expect(await ask(`http://127.0.0.1:${port}`)).toEqual({
    sensors: ['one'],
    years: [2020],
    packets: [100],
    totals: [['iot/telnet', 100]],
    refused: { status: 400, title: 'Bad Request' },
  });
});

function compile(directory: string, ...names: string[]): void {
  const options = '--strict --target es2022 --module nodenext --skipLibCheck --lib es2022,dom,dom.iterable';
  execFileSync(process.execPath, [COMPILER, ...options.split(' '), ...names], {
    cwd: directory,
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

/** File and number of each of the compiler's errors. */
function complaintsOf(work: () => void): string[] {
  try {
    work();
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: string };
    return [...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error (TS\d+)/gm)].map(([, file, code]) => `${file} ${code}`);
  }
}
