// Finished answers by their ETag, the latest used last; the same question asked twice at once is answered once.

export interface MadeAnswer {
  body: string;
  name: string | undefined;
}

export interface AnswerCache {
  get(tag: string, make: () => Promise<MadeAnswer>): Promise<MadeAnswer>;
}

/** @param most bytes kept, about */
export function createAnswerCache(most = 32_000_000): AnswerCache {
  const kept = new Map<string, MadeAnswer>();
  const coming = new Map<string, Promise<MadeAnswer>>();
  let size = 0;
  const keep = (tag: string, made: MadeAnswer) => {
    if (made.body.length > most / 8) return;
    kept.set(tag, made);
    size += made.body.length;
    for (const [oldest, { body }] of kept) {
      if (size <= most) break;
      kept.delete(oldest);
      size -= body.length;
    }
  };
  return {
    get: async (tag, make) => {
      const known = kept.get(tag);
      if (known) {
        kept.delete(tag);
        kept.set(tag, known);
        return known;
      }
      const running = coming.get(tag);
      if (running) return running;
      const work = make().finally(() => coming.delete(tag));
      coming.set(tag, work);
      const made = await work;
      keep(tag, made);
      return made;
    },
  };
}
