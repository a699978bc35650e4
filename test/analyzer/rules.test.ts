// The table of ports and categories, row by row, and rules that users bring: good ones, and each kind of bad one with its message.
import { expect, test } from 'vitest';
import { categoryOf, compileRules, DEFAULT_RULES, ruleRows } from '../../analyzer/classify/rules.ts';
import { parseRules } from '../../analyzer/classify/rules-file.ts';
import { ICMP, TCP, UDP } from '../../analyzer/protocols.ts';

const compiled = compileRules(DEFAULT_RULES);
const category = (proto: number, port: number) => compiled.categories[categoryOf(compiled, proto, port)];

/** The built-in table as the project's notes have it. */
const table: [category: string, tcp: number[], udp: number[]][] = [
  ['iot/telnet', [23, 2323], []],
  ['iot/devices', [37215, 52869, 5555, 7547, 60001, 5358, 6789, 8291, 9527, 34567, 5500, 49152], [53413]],
  ['iot/web', [80, 81, 82, 83, 84, 85, 8080, 8081, 8443, 8000, 8888], []],
  ['iot/ssh', [22, 2222], []],
  ['windows/smb', [445, 139, 135], [137]],
  ['windows/sql', [1433], []],
  ['rdp', [3389], [3389]],
  ['crypto', [8545, 3333, 4444, 8332, 8333, 9332, 14444, 18081], []],
  [
    'services',
    [53, 21, 25, 110, 143, 993, 995, 3306, 5432, 6379, 9200, 27017, 5900],
    [53, 123, 161, 1900, 5060, 11211, 389],
  ],
];

test.each(table)('%s', (name, tcp, udp) => {
  for (const port of tcp) expect(category(TCP, port), `tcp/${port}`).toBe(name);
  for (const port of udp) expect(category(UDP, port), `udp/${port}`).toBe(name);
});

test('every other port, and every other protocol, is other', () => {
  const named = new Set(
    table.flatMap(([, tcp, udp]) => [...tcp.map((port) => `6/${port}`), ...udp.map((port) => `17/${port}`)]),
  );
  const wrong: string[] = [];
  for (const proto of [TCP, UDP]) {
    for (let port = 0; port < 65_536; port++) {
      const name = `${proto}/${port}`;
      if (category(proto, port) !== 'other' && !named.has(name)) wrong.push(name);
    }
  }
  expect(wrong).toEqual([]);
  expect([category(ICMP, 23), category(132, 80)]).toEqual(['other', 'other']);
});

test('the rows for the database are the table', () => {
  const rows = ruleRows(DEFAULT_RULES).map(({ proto, port, category: name }) => `${name} ${proto}/${port}`);
  const expected = table.flatMap(([name, tcp, udp]) => [
    ...tcp.map((port) => `${name} 6/${port}`),
    ...udp.map((port) => `${name} 17/${port}`),
  ]);
  expect(rows.sort()).toEqual(expected.sort());
});

test('every rule has a reason', () => {
  for (const { why } of DEFAULT_RULES.rules) expect(why.length).toBeGreaterThan(5);
});

const good = { category: 'games', proto: 'udp', ports: ['27015-27017', '0', '65535'], why: 'Steam' };
const file = (...rules: object[]) => JSON.stringify({ version: 'mine-1', rules });

test("a user's rules replace the built-in ones whole", () => {
  const mine = compileRules(parseRules(file(good, { ...good, category: 'games/console', ports: ['3074'] })));
  const named = (proto: number, port: number) => mine.categories[categoryOf(mine, proto, port)];
  expect(mine.version).toBe('mine-1');
  expect([27014, 27015, 27017, 27018, 0, 65535, 3074].map((port) => named(UDP, port))).toEqual([
    'other',
    'games',
    'games',
    'other',
    'games',
    'games',
    'games/console',
  ]);
  expect([named(TCP, 27015), named(TCP, 23)]).toEqual(['other', 'other']);
});

test('the built-in rules pass their own check', () => {
  expect(parseRules(JSON.stringify(DEFAULT_RULES))).toEqual(DEFAULT_RULES);
});

test.each([
  { what: 'not JSON', text: '{ version: 1', says: 'not JSON: ' },
  { what: 'a list', text: '[]', says: 'the file must be object' },
  {
    what: 'without a version',
    text: JSON.stringify({ rules: [good] }),
    says: "the file must have required property 'version'",
  },
  {
    what: 'with an empty version',
    text: JSON.stringify({ version: '', rules: [good] }),
    says: '/version must NOT have fewer than 1 characters',
  },
  { what: 'without rules', text: file(), says: '/rules must NOT have fewer than 1 items' },
  {
    what: 'with a field too many',
    text: JSON.stringify({ version: '1', rules: [good], extra: 1 }),
    says: 'the file must NOT have additional properties',
  },
  {
    what: 'a rule with a field too many',
    text: file(good, { ...good, port: 1 }),
    says: '/rules/1 must NOT have additional properties',
  },
  {
    what: 'a rule without a reason',
    text: file({ ...good, why: undefined }),
    says: "/rules/0 must have required property 'why'",
  },
  {
    what: 'a rule without ports',
    text: file({ ...good, ports: [] }),
    says: '/rules/0/ports must NOT have fewer than 1 items',
  },
  { what: 'a port that is a number', text: file({ ...good, ports: [23] }), says: '/rules/0/ports/0 must be string' },
  {
    what: 'a port in words',
    text: file({ ...good, ports: ['1', 'telnet'] }),
    says: '/rules/0/ports/1 must match pattern',
  },
  { what: 'a port too high', text: file({ ...good, ports: ['65536'] }), says: '"65536" is not a range of ports' },
  { what: 'a range backwards', text: file({ ...good, ports: ['85-81'] }), says: '"85-81" is not a range of ports' },
  {
    what: 'another protocol',
    text: file({ ...good, proto: 'sctp' }),
    says: '/rules/0/proto must be equal to one of the allowed values',
  },
  {
    what: 'a category in capitals',
    text: file({ ...good, category: 'IoT' }),
    says: '/rules/0/category must match pattern',
  },
  {
    what: 'a port with two categories',
    text: file(good, { ...good, category: 'steam', ports: ['27000-27016'] }),
    says: 'udp/27015 is given two categories: games and steam',
  },
  {
    what: 'more categories than a byte can number',
    text: file(
      ...Array.from({ length: 256 }, (_, number) => ({ ...good, category: `c${number}`, ports: [`${number}`] })),
    ),
    says: 'more than 255 categories',
  },
])('rules $what are refused', ({ text, says }) => {
  expect(() => parseRules(text)).toThrow(says);
});

test('255 categories are not too many', () => {
  const rules = Array.from({ length: 255 }, (_, number) => ({ ...good, category: `c${number}`, ports: [`${number}`] }));
  const compiledRules = compileRules(parseRules(file(...rules)));
  expect(compiledRules.categories[categoryOf(compiledRules, UDP, 254)]).toBe('c254');
});
