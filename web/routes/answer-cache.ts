// Finished answers by their ETag, the latest used last; the same question asked twice at once is answered once, and not at all when all who
// asked have gone before its turn came.
import { Latest } from '../latest.ts';
import type { Places } from '../places.ts';

export interface MadeAnswer {
  body: string;
  name: string | undefined;
}

/** As it is sent: its length is what it takes, whatever it is written in. */
export interface KeptAnswer {
  body: Buffer;
  name: string | undefined;
}

export interface AnswerCache {
  /** @param client aborted when it has gone */
  get(tag: string, client: AbortSignal, make: () => Promise<MadeAnswer>): Promise<KeptAnswer>;
}

interface Coming {
  answer: Promise<KeptAnswer>;
  clients: AbortSignal[];
}

/** Bytes that an answer takes besides its body, about. */
const BESIDES = 500;

/** @param most bytes kept, about */
export function createAnswerCache(places: Places, most = 32_000_000): AnswerCache {
  const kept = new Latest<KeptAnswer>(most);
  const coming = new Map<string, Coming>();
  const begin = (tag: string, client: AbortSignal, make: () => Promise<MadeAnswer>) => {
    const clients = [client];
    const isWanted = () => {
      const wanted = clients.some(({ aborted }) => !aborted);
      // At once: who comes now must not be told that nobody waits.
      if (!wanted) coming.delete(tag);
      return wanted;
    };
    const work = async () => {
      const { body, name } = await make();
      const made = { body: Buffer.from(body), name };
      kept.set(tag, made, made.body.length + BESIDES);
      return made;
    };
    const answer = places(work, isWanted).finally(() => {
      if (coming.get(tag)?.clients === clients) coming.delete(tag);
    });
    coming.set(tag, { answer, clients });
    return answer;
  };
  return {
    get: async (tag, client, make) => {
      const known = kept.get(tag);
      if (known) return known;
      const running = coming.get(tag);
      if (!running) return begin(tag, client, make);
      running.clients.push(client);
      return running.answer;
    },
  };
}
