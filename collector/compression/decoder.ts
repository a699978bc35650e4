// What a decompressor that runs in a thread is: a function that pulls compressed bytes and gives plain ones, without waiting for promises.

export interface Streams {
  /** The next piece of the compressed stream, the caller's to keep; undefined at its end. */
  pull(): Uint8Array | undefined;
  /** Takes bytes on at once; they may be overwritten afterwards. */
  give(bytes: Uint8Array): void;
}

/** Decompresses a stream with all that is concatenated in it. @throws DamagedStream */
export type Decoder = (streams: Streams) => void;

/** A compressed stream that cannot be read on; what was given before stays. */
export class DamagedStream extends Error {
  override name = 'DamagedStream';
  /** It is only that the end is missing. */
  readonly unfinished: boolean;

  constructor(message: string, unfinished = false) {
    super(message);
    this.unfinished = unfinished;
  }
}

/** The end of the compressed stream came too early. */
export function endsEarly(): DamagedStream {
  return new DamagedStream('unexpected end of file', true);
}

/** The compressed stream asks for more memory than is given to any. */
export function windowTooLarge(program: string): DamagedStream {
  return new DamagedStream(
    `needs a window of more than 128 MiB to be decompressed; decompress it first with ${program}`,
  );
}
