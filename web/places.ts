// How many answers are made at once: so many that the database has always something to do, so few that what is being made fits into
// memory, however many ask. The others wait in the order in which they came; as each connection has one request under way (turns.ts), that
// is also one connection after another. The live stream needs no place.
import pLimit from 'p-limit';

/** The embedded database has two threads, and an answer asks it several questions in turn. */
const AT_ONCE = 8;
/** As many as there are connections: more can only wait where clients ask and leave, again and again. */
const MOST_WAITING = 1_000;

/** @param isWanted asked when its turn has come: what nobody waits for any more is not made */
export type Places = <T>(make: () => Promise<T>, isWanted: () => boolean) => Promise<T>;

export function createPlaces(atOnce = AT_ONCE, mostWaiting = MOST_WAITING): Places {
  const limit = pLimit(atOnce);
  return async (make, isWanted) => {
    if (limit.pendingCount >= mostWaiting) throw refusal(429, 'Too many wait for an answer: ask again in a minute.');
    return limit(() => {
      if (!isWanted()) throw refusal(408, 'Who asked has gone.');
      return make();
    });
  };
}

function refusal(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}
