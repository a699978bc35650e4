// The unit file: understood by systemd, and closed as far as the documentation says.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const unit = path.resolve(import.meta.dirname, '../../systemd/umbrascope-sensor.service');
const analyze = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });
const installed = analyze('--version').status === 0;
if (!installed) console.warn('skipped: systemd-analyze is not installed');

const MOST_EXPOSURE = 2.5;

it.runIf(installed)('is exposed by at most 2.5 of 10, as systemd reckons', () => {
  const { stdout } = analyze('security', '--offline=true', unit);
  expect(Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThanOrEqual(MOST_EXPOSURE);
});

it.runIf(installed)('has no line that systemd does not understand', () => {
  expect(analyze('verify', unit).stderr).not.toMatch(/Unknown|Failed to parse|ignoring/i);
});

it('starts with just the rights to open sockets and to become another user', () => {
  const [, capabilities] = /^CapabilityBoundingSet=(.*)$/m.exec(readFileSync(unit, 'utf8')) ?? [];
  expect(capabilities?.split(' ').sort()).toEqual(['CAP_NET_RAW', 'CAP_SETGID', 'CAP_SETUID']);
});
