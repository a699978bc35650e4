// The account: balanced, by sensor and by day, coverage as the outage says.
import { expect, it } from 'vitest';
import type { AccountDays } from '../../../web/report/shape-range.ts';
import type { Visit } from './visit.ts';

export function accountTests(visit: () => Visit): void {
  it('balances, and names every fate', async () => {
    const { page, open } = visit();
    await open('account');
    const account = await page.textContent('#account-section');
    expect(account).toContain('124,527');
    expect(account).toContain('It balances');
    expect(account).toContain('24 not IP');
  });

  it('adds up day by day to the whole', async () => {
    const { sensorDays } = await visit().api<AccountDays>('account/days?from=2019-01-01&to=2020-12-31');
    const sum = (of: (day: AccountDays['sensorDays'][number]) => number) =>
      sensorDays.reduce((all, day) => all + of(day), 0);
    expect(sum(({ frames }) => frames)).toBe(124_527);
    expect(sum(({ counted }) => counted)).toBe(124_501);
    expect(sum(({ fates }) => Object.values(fates).reduce((a, b) => a + b, 0))).toBe(26);
  });

  it('shows the outage: a day without anything, and two days in part', async () => {
    const { page, open } = visit();
    await open('account?from=2019-10-01&to=2019-10-31');
    const tips = await page.$$eval('#calendar rect.day', (cells) =>
      Object.fromEntries(cells.map((cell) => [cell.getAttribute('data-day'), cell.getAttribute('data-tip') ?? ''])),
    );
    expect(Object.keys(tips)).toHaveLength(31);
    expect(tips['2019-10-15']).toContain('nothing');
    expect(tips['2019-10-14']).toContain('72.5%');
    expect(tips['2019-10-20']).toContain('Observed: 100%');
    const rows = await page.$$eval('#days tbody tr', (lines) => lines.map((line) => line.textContent ?? ''));
    expect(rows.some((row) => row.startsWith('2019-10-14') && row.includes('72.5%'))).toBe(true);
  });
}
