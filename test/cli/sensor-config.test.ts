// Flags, environment and configuration file of the sensor: which goes before which, and what is refused.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configText, settleOptions } from '../../cli/sensor/config.ts';
import { addSensorOptions, type SensorOptions } from '../../cli/sensor/options.ts';
import { temporaryDirectory, umbrascope } from '../setup/command.ts';

afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('UMBRASCOPE_')) delete process.env[name];
});

function settled(args: string[], yaml?: string): SensorOptions {
  const command = addSensorOptions(new Command('sensor'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(args, { from: 'user' });
  const file = path.join(temporaryDirectory(), 'umbrascope.yaml');
  if (yaml !== undefined) writeFileSync(file, yaml);
  return settleOptions(command, command.opts(), yaml === undefined ? undefined : file);
}

test('a flag goes before the environment, that before the file, that before the default', () => {
  const yaml = 'flush: 7s\nring: 64\nsnaplen: 128\nspoolSize: 2GB\n';
  process.env.UMBRASCOPE_FLUSH = '3s';
  process.env.UMBRASCOPE_RING = '32';
  const options = settled(['-i', 'eth0', '--flush', '1s'], yaml);
  expect(options).toMatchObject({ flush: 1000, finalise: 300_000, spoolSize: 2e9, metrics: '127.0.0.1:9464' });
  expect(options.sensors).toEqual([
    { sensor: 'default', interface: ['eth0'], snaplen: 128, ring: 32, promiscuous: true, capture: 'ring' },
  ]);
});

test('several sensors take from the file’s top what they do not say themselves', () => {
  const yaml = `
darknet: 198.51.100.0/24
promiscuous: false
metrics: false
sensors:
  - { sensor: one, interface: eth1 }
  - { sensor: two, interface: [eth2, eth3], darknet: [2001:db8::/64, 192.0.2.0/24] }
`;
  const { sensors, metrics } = settled([], yaml);
  expect(metrics).toBe(false);
  expect(sensors.map(({ interface: names, darknet, promiscuous }) => ({ names, darknet, promiscuous }))).toEqual([
    { names: ['eth1'], darknet: ['198.51.100.0/24'], promiscuous: false },
    { names: ['eth2', 'eth3'], darknet: ['2001:db8::/64', '192.0.2.0/24'], promiscuous: false },
  ]);
});

test('lists in the environment are words with blanks or commas between', () => {
  process.env.UMBRASCOPE_DARKNET = '198.51.100.0/24, 2001:db8::/64';
  process.env.UMBRASCOPE_INTERFACE = 'eth0 eth1';
  const [sensor] = settled([]).sensors;
  expect(sensor).toMatchObject({ interface: ['eth0', 'eth1'], darknet: ['198.51.100.0/24', '2001:db8::/64'] });
});

test('an environment variable set to nothing says nothing', () => {
  process.env.UMBRASCOPE_DATA = '';
  expect(settled(['-i', 'eth0']).data).toBe('./umbrascope-data');
  expect(settled(['-i', 'eth0'], 'data: /srv/telescope').data).toBe('/srv/telescope');
});

test('what is wrong in the file is named with its place', () => {
  const cases: [string, string | RegExp][] = [
    ['flush: often', 'flush: not a duration such as 5s'],
    ['rings: 3', '(rings)'],
    ['ring: none', '/ring must be integer'],
    ['sensors: [{ sensor: one }]', "/sensors/0 must have required property 'interface'"],
    ['sensors: [{ sensor: one, interface: a }, { sensor: one, interface: b }]', 'two sensors are named one'],
    ['sensors: [{ sensor: one, interface: a }, { sensor: two, interface: a }]', 'a would be heard twice'],
    ['a: [', /--config .*umbrascope\.yaml: /],
  ];
  for (const [yaml, message] of cases) expect(() => settled([], yaml), yaml).toThrow(message);
});

test('what --print-config prints says the same when it is given back', () => {
  const options = settled(['-i', 'eth0', '--filter', 'tcp', '--flush', '1500ms', '--no-metrics'], 'ring: 16');
  const again = settled([], configText(options));
  expect(again).toEqual(options);
  expect(parse(configText(options))).toMatchObject({ flush: '1500ms', metrics: false });
});

test('wrong use ends with 2 and one line', async () => {
  const lines = async (...args: string[]) => {
    const { code, stderr } = await umbrascope(['sensor', ...args]);
    return [code, stderr.trim().split('\n')[0]];
  };
  expect(await lines()).toEqual([2, 'umbrascope: name an interface with -i, or - for standard input']);
  expect(await lines('capture.pcap')).toEqual([2, expect.stringContaining('ingest reads files')]);
  expect(await lines('-', '-i', 'lo')).toEqual([2, expect.stringContaining('either an interface')]);
  const cap = await lines('-i', 'lo', '--capture', 'cap', '--user', 'root');
  expect(cap).toEqual([2, expect.stringContaining('the npm package cap is not installed')]);
  expect(await lines('-i', 'lo', '--flush', '5')).toEqual([2, expect.stringContaining('not a duration')]);
});
