// The lock file serves every platform: `npm ci` refuses one that lacks the packages of another machine's platform.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

interface Locked {
  optionalDependencies?: Record<string, string>;
}

it('names every optional package of every platform', () => {
  const file = path.resolve(import.meta.dirname, '../../package-lock.json');
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> };
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
  expect(wanted.length).toBeGreaterThan(20);
  expect(
    wanted.filter((name) => !Object.keys(packages).some((place) => place.endsWith(`node_modules/${name}`))),
  ).toEqual([]);
});
