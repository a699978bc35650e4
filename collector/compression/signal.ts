// Wakes everybody who waits for something to change; whoever is woken looks again for what it waits for.

export class Signal {
  #wake: () => void = () => {};
  #next: Promise<void>;

  constructor() {
    this.#next = this.#renewed();
  }

  /** Settles at the next `tell`. */
  wait(): Promise<void> {
    return this.#next;
  }

  tell(): void {
    const wake = this.#wake;
    this.#next = this.#renewed();
    wake();
  }

  #renewed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
