// Units that were handed out to be counted and are not in the ledger yet. A file may be a longer copy of the one read just before it,
// whose units it must find there.

export class UnderWay {
  /** By the beginning of their file. */
  #units = new Map<string, Set<{ path: string; taken: Promise<void> }>>();

  add(opening: string, path: string, taken: Promise<void>): void {
    const units = this.#units.get(opening) ?? new Set();
    this.#units.set(opening, units);
    const unit = { path, taken };
    units.add(unit);
    const forget = () => {
      units.delete(unit);
      if (units.size === 0) this.#units.delete(opening);
    };
    taken.then(forget, forget);
  }

  /** Waits for the units of other files that begin alike. */
  async othersTaken(opening: string, path: string): Promise<void> {
    const all = this.#units.get(opening);
    if (all === undefined) return;
    const others = [...all].filter((unit) => unit.path !== path);
    await Promise.allSettled(others.map(({ taken }) => taken));
  }
}
