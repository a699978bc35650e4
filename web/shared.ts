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
