// Requests that nobody should send, to the program as it is served: none is its error, none learns anything, and it needs no more memory.
// UMBRASCOPE_REQUESTS=10000 makes them ten thousand.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { raw } from '../setup/raw-http.ts';
import { serveData } from '../setup/serving.ts';
import { data, theStore } from './small-store.ts';

const SEED = 6;
const REQUESTS = Number(process.env.UMBRASCOPE_REQUESTS ?? 2_000);
/** Of them, what is no HTTP. */
const BROKEN = Math.round(REQUESTS / 10);
const ASKED = REQUESTS - BROKEN;
const CONNECTIONS = 8;
const PIPELINED = 100;
/** Of which the program itself takes half: what is made at once must fit into the rest, and what each request left behind would soon fill it. */
const HEAP_MEGABYTES = 120;

const ROUTES = ['trend', 'yearly', 'sources', 'source', 'port', 'map', 'account/days', 'annotations', 'x'];
const NAMES = ['from', 'to', 'by', 'port', 'sensor', 'srcAddr', 'format', 'limit', 'months', 'bits', '__proto__'];
const VALUES = [
  ...[`' OR 1=1 --`, `'); DROP TABLE flows; --`, '{sensor:String}', '1 UNION ALL SELECT * FROM system.users', '\\'],
  ...[
    '1e999',
    '-1',
    '9'.repeat(400),
    '2020-02-31',
    'tcp/99999',
    '[object Object]',
    '\u0000',
    '\ud83d\ude00',
    '__proto__',
  ],
];
const PATHS = [
  ...[
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/..%5c..%5cwindows',
    '/%252e%252e/',
  ],
  ...[
    '/assets/../../cli/main.js',
    '/assets/%2e%2e/%2e%2e/store/store.js',
    '//etc/passwd',
    '/%00',
    '/%',
    '/%c0%ae%c0%ae/',
  ],
  ...[
    '/api/v1/../../../package.json',
    '/.git/config',
    '/index.html%00.js',
    '/api/v1/annotations/%2e%2e',
    '/C:/windows',
  ],
];

const text = fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary', maxLength: 40 }));
const asked = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND'),
  path: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...ROUTES).map((route) => `/api/v1/${route}`) },
    { weight: 1, arbitrary: fc.constantFrom(...PATHS) },
  ),
  query: fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 5 })), text), { maxLength: 4 }),
  type: fc.constantFrom('application/json', 'text/plain', 'application/json; charset=nonsense', ';;'),
  body: fc.oneof(text, fc.json({ maxDepth: 3 }), fc.constant('{"day":"2020-01-01"'), fc.constant('[]')),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

const head = fc.constantFrom(
  'Host: localhost',
  'Host:',
  'Host: evil',
  'Content-Length: 9',
  'Content-Length: -1',
  'X: \u0001y',
  'A B: c',
  ': d',
  'Transfer-Encoding: chunked',
  'Expect: 100-continue',
  'Upgrade: websocket',
);
const broken = fc
  .tuple(
    fc.constantFrom(
      'GET / HTTP/1.1',
      'GET  /x HTTP/9.9',
      'G\u0000T / HTTP/1.1',
      'PRI * HTTP/2.0',
      '\u0016\u0003\u0001',
      'GET /',
    ),
    fc.array(head, { maxLength: 4 }),
    text,
  )
  .map(([line, heads, rest]) => `${line}\r\n${heads.map((each) => `${each}\r\n`).join('')}\r\n${rest}`);

/** What only the inside knows: stack traces, file names, the database's own words, accounts, a monitored prefix. */
const LEAKS = /\n\s+at \S|node_modules|\/dist\/|DB::|Exception|root:x:|umbrascope-test|198\.51\.100/;

test('malformed requests: no error of the server, nothing told, in little memory', {
  timeout: 300_000,
}, async () => {
  const db = await theStore();
  const served = await serveData(data, [], ['env', `NODE_OPTIONS=--max-old-space-size=${HEAP_MEGABYTES}`]);
  const url = new URL(served.url);
  const faults: string[] = [];
  const judge = (what: unknown, answer: string) => {
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
    const isRefused = status >= 400;
    if (status >= 500 || (isRefused && (!answer.includes('application/problem+json') || LEAKS.test(answer))))
      faults.push(`${answer.slice(0, 300)} to ${JSON.stringify(what)}`);
  };
  const requests = fc.sample(asked, { numRuns: ASKED, seed: SEED });
  await inTurn(portions(requests, PIPELINED), CONNECTIONS, async (some) => {
    const answers = await pipelined(url, some);
    for (const [index, answer] of answers.entries()) judge(some[index], answer);
  });
  let answered = 0;
  await inTurn(fc.sample(broken, { numRuns: BROKEN, seed: SEED }), CONNECTIONS, async (bytes) => {
    const said = await raw(url, bytes, { end: true });
    if (said !== '') answered++;
    judge(bytes, said);
  });
  expect(faults).toEqual([]);
  expect(answered).toBeGreaterThan(BROKEN / 2);
  expect((await fetch(`${served.url}healthz`)).status).toBe(200);
  expect(await db.query('SELECT sum(packets) AS packets FROM flows')).toEqual([{ packets: 100 }]);
  const { code, stderr } = await served.stop();
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

/** As it goes over the wire; a whole request, so that the next one behind it is found. */
function wired({ method, path, query, type, body }: Asked, more: string): string {
  const encoded = query.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const bytes = Buffer.from(hasBody ? body : '');
  const heads = hasBody ? `Content-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n` : '';
  return `${method} ${path}?${encoded} HTTP/1.1\r\nHost: localhost\r\n${more}${heads}\r\n${bytes.toString('latin1')}`;
}

/** One behind the other on a connection; where the server ends it, the rest goes over a new one. */
async function pipelined(url: URL, requests: readonly Asked[]): Promise<string[]> {
  const answers: string[] = [];
  while (answers.length < requests.length) {
    const left = requests.slice(answers.length);
    const bytes = left.map((one, index) => wired(one, index === left.length - 1 ? 'Connection: close\r\n' : ''));
    const said = (await raw(url, bytes.join(''))).split(/(?=HTTP\/1\.1 \d{3} )/).filter(Boolean);
    // A server that ends a connection on which more comes in resets it, and what it said may be lost: then it is asked alone.
    if (said.length === 0) said.push(await raw(url, wired(left[0] as Asked, 'Connection: close\r\n')));
    if (said[0] === '') throw new Error(`no answer to ${JSON.stringify(left[0])}`);
    answers.push(...said);
  }
  return answers;
}

/** Half a surrogate pair has no encoding of its own. */
const escaped = (value: string) => encodeURIComponent(Buffer.from(value).toString());

const portions = <T>(all: readonly T[], size: number) =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

async function inTurn<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < all.length) await work(all[next++] as T);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
