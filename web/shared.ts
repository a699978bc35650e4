// A question that many ask at once: it is asked once for all who have come since it was last asked, never for those who come while it
// runs, so that nobody gets an answer from before he asked.

export function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        const asked = ask();
        running = asked;
        return asked;
      });
    return next;
  };
}

export interface Recent<T> {
  (): Promise<T>;
  /** What was heard before is not answered any more. */
  forget(): void;
}

interface Asked<T> {
  at: number;
  answer: Promise<T>;
  isThere: boolean;
}

/**
 * The same answer to all who ask within a while of its own question.
 * @param freshMs after so many milliseconds it is asked again, once
 * @param mostMs so old an answer is given at most: until then nobody waits for the next
 */
export function recent<T>(ask: () => Promise<T>, freshMs: number, mostMs = freshMs): Recent<T> {
  let latest: Asked<T> | undefined;
  let before: Asked<T> | undefined;
  const begin = (at: number) => {
    const mine: Asked<T> = { at, answer: ask(), isThere: false };
    if (latest?.isThere) before = latest;
    latest = mine;
    mine.answer.then(
      () => {
        mine.isThere = true;
      },
      () => {
        if (latest === mine) latest = undefined;
      },
    );
    return mine;
  };
  const answers = () => {
    const now = performance.now();
    const isOld = (asked: Asked<T>) => now - asked.at > (asked.isThere ? freshMs : mostMs);
    const newest = latest === undefined || isOld(latest) ? begin(now) : latest;
    return !newest.isThere && before && now - before.at <= mostMs ? before.answer : newest.answer;
  };
  return Object.assign(answers, {
    forget: () => {
      latest = undefined;
      before = undefined;
    },
  });
}

/** The answer of the state the data are in: asked again when that has changed, or when it failed. */
export function untilChanged<T>(version: () => Promise<string>, ask: () => Promise<T>): () => Promise<T> {
  let known: { version: string; answer: Promise<T> } | undefined;
  return async () => {
    const now = await version();
    if (known?.version === now) return known.answer;
    const answer = ask();
    const mine = { version: now, answer };
    known = mine;
    answer.catch(() => {
      if (known === mine) known = undefined;
    });
    return answer;
  };
}
