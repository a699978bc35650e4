// The progress of a process's lanes as one: what each has of its file, and the files that are done, whoever read them.
import type { Progress } from '../../../collector/progress.ts';

export class LanesProgress {
  #progress: Progress;
  #done = 0;
  #lanes: number[] = [];

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /** For the reader of one lane. */
  lane(number: number): Progress {
    return {
      update: ({ bytes, packets }) => {
        this.#lanes[number] = bytes;
        this.#progress.update({ bytes: this.#lanes.reduce((sum, of) => sum + of, this.#done), packets });
      },
      stop: () => {
        this.#lanes[number] = 0;
      },
    };
  }

  /** A file is in. */
  done(bytes: number): void {
    this.#done += bytes;
  }

  stop(): void {
    this.#progress.stop();
  }
}
