// (proto, port) → category. The built-in table is FACTS of the field with a reason a row; no official list exists, so it is versioned
// and users may replace it whole. Compiled into one byte a port.
import { TCP, UDP } from '../protocols.ts';

export interface Rule {
  category: string;
  proto: 'tcp' | 'udp';
  /** Ports and ranges: "23", "81-85". */
  ports: string[];
  why: string;
}

export interface RuleSet {
  /** Stored with everything it classified. */
  version: string;
  rules: Rule[];
}

/** The category of every port that no rule names. */
export const OTHER_CATEGORY = 'other';

export const DEFAULT_RULES: RuleSet = {
  version: 'umbrascope-1',
  rules: [
    {
      category: 'iot/telnet',
      proto: 'tcp',
      ports: ['23', '2323'],
      why: 'NICTER tables; Mirai sends every tenth probe to 2323',
    },
    {
      category: 'iot/devices',
      proto: 'tcp',
      ports: ['37215', '52869', '5555'],
      why: 'Huawei routers, Realtek UPnP, Android debug bridge',
    },
    {
      category: 'iot/devices',
      proto: 'tcp',
      ports: ['7547', '60001'],
      why: 'TR-069 and JAWS web cameras, in Mirai variants',
    },
    {
      category: 'iot/devices',
      proto: 'tcp',
      ports: ['5358', '6789', '8291', '9527', '34567', '5500', '49152'],
      why: 'cameras, recorders and routers; recalled, not confirmed',
    },
    { category: 'iot/devices', proto: 'udp', ports: ['53413'], why: 'Netis routers; recalled, not confirmed' },
    {
      category: 'iot/web',
      proto: 'tcp',
      ports: ['80-85', '8080', '8081', '8443', '8000', '8888'],
      why: 'NICTER labels 80 "web server and IoT admin page"',
    },
    { category: 'iot/ssh', proto: 'tcp', ports: ['22', '2222'], why: 'NICTER: "mobile routers, SSH servers": mixed' },
    { category: 'windows/smb', proto: 'tcp', ports: ['445', '139', '135'], why: 'file sharing' },
    { category: 'windows/smb', proto: 'udp', ports: ['137'], why: 'file sharing' },
    { category: 'windows/sql', proto: 'tcp', ports: ['1433'], why: 'grouped with Windows by JPCERT' },
    { category: 'rdp', proto: 'tcp', ports: ['3389'], why: 'remote desktop; the chart folds it into Windows' },
    { category: 'rdp', proto: 'udp', ports: ['3389'], why: 'remote desktop; the chart folds it into Windows' },
    { category: 'crypto', proto: 'tcp', ports: ['8545', '3333'], why: 'Ethereum JSON-RPC, Claymore miner' },
    {
      category: 'crypto',
      proto: 'tcp',
      ports: ['4444', '8332', '8333', '9332', '14444', '18081'],
      why: 'miners and wallets; recalled, not confirmed',
    },
    {
      category: 'services',
      proto: 'tcp',
      ports: ['53', '21', '25', '110', '143', '993', '995', '3306', '5432', '6379', '9200', '27017', '5900'],
      why: '"DNS, FTP and the like"; the databases and mail ports are inferred',
    },
    {
      category: 'services',
      proto: 'udp',
      ports: ['53', '123', '161', '1900', '5060', '11211', '389'],
      why: '"DNS, FTP and the like"; all but DNS inferred',
    },
  ],
};

export interface CompiledRules {
  version: string;
  /** Category names by number; number 0 is `other`. */
  categories: string[];
  tcp: Uint8Array;
  udp: Uint8Array;
}

/**
 * @throws Error naming the rule when a port is given two categories or there are more than 255 of them
 */
export function compileRules({ version, rules }: RuleSet): CompiledRules {
  const categories = [OTHER_CATEGORY];
  const compiled = { version, categories, tcp: new Uint8Array(65536), udp: new Uint8Array(65536) };
  for (const { category, proto, ports } of rules) {
    let number = categories.indexOf(category);
    if (number < 0) number = categories.push(category) - 1;
    if (number > 255) throw new Error('more than 255 categories');
    for (const range of ports) {
      for (const port of portsOf(range)) {
        const before = compiled[proto][port];
        if (before !== 0 && before !== number) {
          throw new Error(`${proto}/${port} is given two categories: ${categories[before]} and ${category}`);
        }
        compiled[proto][port] = number;
      }
    }
  }
  return compiled;
}

/** The ports of "23" or "81-85". */
function* portsOf(range: string): Generator<number> {
  const [first, last = first] = range.split('-').map(Number);
  if (!(first <= last && last <= 65535)) throw new Error(`"${range}" is not a range of ports`);
  for (let port = first; port <= last; port++) yield port;
}

export function categoryOf(rules: CompiledRules, proto: number, port: number): number {
  if (proto === TCP) return rules.tcp[port];
  return proto === UDP ? rules.udp[port] : 0;
}

/** Every port with a category, for the database: the tables of days take their categories from there. */
export function ruleRows(rules: RuleSet): { proto: number; port: number; category: string; why: string }[] {
  const compiled = compileRules(rules);
  const rows = [];
  for (const [proto, table] of [
    [TCP, compiled.tcp],
    [UDP, compiled.udp],
  ] as const) {
    for (let port = 0; port < 65536; port++) {
      const category = compiled.categories[table[port]];
      if (table[port] !== 0) rows.push({ proto, port, category, why: reasonOf(rules, proto, port) });
    }
  }
  return rows;
}

function reasonOf({ rules }: RuleSet, proto: number, port: number): string {
  const covers = (range: string) => {
    const [first, last = first] = range.split('-').map(Number);
    return first <= port && port <= last;
  };
  return rules.find((rule) => rule.proto === (proto === TCP ? 'tcp' : 'udp') && rule.ports.some(covers))?.why ?? '';
}
