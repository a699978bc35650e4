// Twenty people at the page at once: each opens one view after the other, most as they are first shown, some with switches of their own,
// and asks what the view asks.
import { setTimeout as sleep } from 'node:timers/promises';
import { VIEWS, type ViewName } from '../../web/views.ts';
import { FIRST_YEAR, NAMED_PORTS, YEARS } from './model.ts';
import { timed } from './serving.ts';

export const CLIENTS = 20;
/** Of the views opened, those with switches of a client's own. */
const OWN = 0.25;

const LAST = `${FIRST_YEAR + YEARS - 1}-12-31`;
const FIRST = `${FIRST_YEAR}-01-01`;
const before = (days: number, from = LAST) => new Date(Date.parse(from) - days * 86_400_000).toISOString().slice(0, 10);
const span = (days: number, to = LAST) => `from=${before(days - 1, to)}&to=${to}`;

type Random = () => number;

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;

/** What each view asks, as it is opened and with switches of one's own. */
const ASKED: Record<ViewName, (own: boolean, random: Random) => string[]> = {
  years: (own, random) => {
    const first = FIRST_YEAR + Math.floor(random() * (YEARS - 1));
    const years = own ? [first, first + 1] : [FIRST_YEAR + YEARS - 2, FIRST_YEAR + YEARS - 1];
    const survey = own ? pick(random, ['exclude', 'include', 'only']) : 'exclude';
    return [`yearly?years=${years.join(',')}&survey=${survey}&lang=${own ? pick(random, ['en', 'ja']) : 'en'}`];
  },
  trends: (own, random) => {
    const by = own ? pick(random, ['category', 'port', 'kind', 'scanClass']) : 'category';
    const to = own ? before(Math.floor(random() * 3000)) : LAST;
    return [
      `trend?${span(365, to)}&by=${by}&measure=packets&kind=scan&survey=include&series=${by === 'category' ? 20 : 8}`,
    ];
  },
  port: (own, random) => {
    const named = own ? pick(random, NAMED_PORTS) : { proto: 6, dstPort: 23 };
    const port = `port=${named.proto === 6 ? 'tcp' : 'udp'}/${named.dstPort}`;
    return [
      `port?${span(365)}&${port}`,
      `trend?from=${FIRST}&to=${LAST}&by=scanClass&scale=month&kind=scan&${port}`,
      `trend?${span(365)}&by=scanClass&scale=day&kind=scan&${port}`,
      `trend?${span(365)}&by=kind&scale=day&measure=sources&survey=exclude&kind=scan&${port}`,
    ];
  },
  sources: (own, random) => [
    `sources?${span(30)}&kind=${own ? pick(random, ['scan', 'backscatter', 'all']) : 'scan'}&survey=${own ? pick(random, ['include', 'exclude', 'only']) : 'include'}&limit=50`,
  ],
  backscatter: (own, random) => {
    const days = own ? pick(random, [90, 180, 365]) : 365;
    return [
      `trend?${span(days)}&kind=backscatter&by=port&series=12`,
      `sources?${span(days)}&kind=backscatter&limit=20`,
    ];
  },
  map: (own, random) => [
    own
      ? `map?${span(30)}&of=sources&measure=packets&kind=${pick(random, ['all', 'scan'])}&bits=${pick(random, [8, 12])}&frames=true`
      : `map?${span(30)}&of=sources&measure=packets&kind=all&bits=8&frames=true`,
  ],
  live: () => ['live'],
  account: () => ['account', `account/days?${span(731)}`],
};

/** Asks what each view asks as it is first shown, one after the other. */
export async function openEach(url: string): Promise<void> {
  for (const view of VIEWS)
    for (const question of ASKED[view](false, Math.random)) await timed(`${url}api/v1/${question}`);
}

/**
 * Milliseconds of all answers, by route.
 * @param look seconds for which a client looks at a view, about, before the next is opened
 */
export async function askAtOnce(
  url: string,
  seed: number,
  seconds: number,
  look: number,
): Promise<Map<string, number[]>> {
  const took = new Map<string, number[]>();
  const ask = async (question: string) => {
    const route = question.split('?')[0] ?? '';
    const list = took.get(route) ?? [];
    took.set(route, list);
    list.push(await timed(`${url}api/v1/${question}`));
  };
  const end = performance.now() + seconds * 1000;
  const client = async (number: number) => {
    const random = randomOf(seed * 1000 + number);
    while (performance.now() < end) {
      await ask('years');
      const questions = ASKED[pick(random, VIEWS)](random() < OWN, random);
      await Promise.all(questions.map(ask));
      await sleep(1000 * look * 2 * random());
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return took;
}
