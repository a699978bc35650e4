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

/** The same answer to all who ask within so many milliseconds of its own question: never older than that. */
export function recent<T>(ask: () => Promise<T>, forMs: number): Recent<T> {
  let last: { at: number; answer: Promise<T> } | undefined;
  const answers = () => {
    const now = performance.now();
    if (last && now - last.at <= forMs) return last.answer;
    const mine = { at: now, answer: ask() };
    last = mine;
    mine.answer.catch(() => {
      if (last === mine) last = undefined;
    });
    return mine.answer;
  };
  return Object.assign(answers, {
    forget: () => {
      last = undefined;
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
