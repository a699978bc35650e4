// bench/RESULTS.md: each case replaces its own section and nothing else.
import { expect, test } from 'vitest';
import { contest, contestText, median, ratio } from '../../bench/contest.ts';
import { atLeast, atMost, type Section, withSection } from '../../bench/results.ts';

function section(name: string, text: string, bars: Section['bars'] = []): Section {
  return {
    name,
    title: `what ${name} measures`,
    args: ['--packets', '10', '--runs', '5'],
    statement: 'a machine',
    text,
    bars,
  };
}

test('a case that is measured again replaces its section, and what people wrote around it stays', () => {
  const first = withSection('# Results\n\nWhere the time goes: by hand.\n', section('replay', 'slow'));
  const written = `${withSection(first, section('stages', 'walk'))}\nA last word by hand.\n`;
  const again = withSection(written, section('replay', 'fast'));
  expect(again).toBe(written.replace('slow', 'fast'));
  expect(again).toContain('by hand.\n\n<!-- case replay packets 10 -->');
  expect(again).toContain('npm run bench -- replay --packets 10 --runs 5\n');
});

test('a section with a mark missing is not guessed at', () => {
  const [half = ''] = withSection('', section('replay', 'slow')).split('<!-- end');
  expect(() => withSection(half, section('replay', 'fast'))).toThrow('the marks of replay packets 10');
});

test('bars are stated beside what was measured', () => {
  const bars = [atMost('ingest / gzip', 1.1, 1.234), atLeast('files', 1000, 2345.6, ' files/s')];
  expect(bars.map(({ met }) => met)).toEqual([false, true]);
  const written = withSection('', section('small', '', bars));
  expect(written).toContain('| ingest / gzip | ≤ 1.1 | 1.23 | **not met** |');
  expect(written).toContain('| files | ≥ 1,000 files/s | 2,346 files/s | met |');
});

test('contestants take turns, and one that is absent is named and not tried again', async () => {
  const order: string[] = [];
  const contestant = (name: string, seconds: number[] | undefined, work = 100) => ({
    name,
    work,
    once: async () => {
      order.push(name);
      return seconds?.shift();
    },
  });
  const measured = await contest(
    [contestant('ours', [3, 1, 2]), contestant('gone', undefined), contestant('theirs', [8, 4, 4], 200)],
    3,
    () => {},
  );
  expect(order).toEqual(['ours', 'gone', 'theirs', 'ours', 'theirs', 'ours', 'theirs']);
  expect(ratio(measured[0]!, measured[2]!)).toBe(1);
  expect(contestText(measured, 'packets').split('\n').slice(1)).toEqual([
    'ours        2.00 (1.00–3.00)                50',
    'gone     not installed',
    'theirs      4.00 (4.00–8.00)                50     1.00',
  ]);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
