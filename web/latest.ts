// Values by their key as long as there is room: those that were not asked for longest go first. (Libraries for this count entries, and not
// what each takes, or are under licences we do not take.)

export class Latest<Value> {
  readonly #most: number;
  readonly #values = new Map<string, { value: Value; weight: number }>();
  #weight = 0;

  /** @param most what all values weigh together at most, in the same unit as each */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    const found = this.#values.get(key);
    if (found === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, found);
    return found.value;
  }

  /** One that weighs more than an eighth of all is not kept. */
  set(key: string, value: Value, weight: number): void {
    this.delete(key);
    if (weight > this.#most / 8) return;
    this.#values.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#values.keys()) {
      if (this.#weight <= this.#most) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#weight -= this.#values.get(key)?.weight ?? 0;
    this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
    this.#weight = 0;
  }
}
