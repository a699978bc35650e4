// bzip2, with all its streams. Runs in a thread. A block is given out only when its checksum was right.
import Bunzip from 'seek-bzip';
import { ByteReader } from './byte-reader.ts';
import { DamagedStream, type Decoder } from './decoder.ts';

export const decodeBzip2: Decoder = ({ pull, give }) => {
  const reader = new ByteReader(pull);
  const block = new Block(give);
  const input = Object.assign(new Bunzip.Stream(), {
    /** The decoder reads on only when it has found the block before in order. */
    readByte: () => {
      block.confirm();
      return reader.byte();
    },
    eof: () => reader.atEnd(),
  });
  const output = Object.assign(new Bunzip.Stream(), { writeByte: (byte: number) => block.add(byte) });
  try {
    Bunzip.decode(input, output, true);
    block.confirm();
  } catch (error) {
    throw bzip2Error(error);
  }
};

/** What a block has become, up to 46 MB where it is all runs. */
class Block {
  #give: (bytes: Uint8Array) => void;
  #bytes = new Uint8Array(1 << 20);
  #length = 0;

  constructor(give: (bytes: Uint8Array) => void) {
    this.#give = give;
  }

  add(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  confirm(): void {
    if (this.#length === 0) return;
    const length = this.#length;
    this.#length = 0;
    this.#give(this.#bytes.subarray(0, length));
  }
}

function bzip2Error(error: unknown): unknown {
  const { errorCode, message } = error as Error & { errorCode?: number };
  if (errorCode === undefined) return error;
  if (errorCode !== Bunzip.Err.NOT_BZIP_DATA) return new DamagedStream('the data are corrupt');
  const between = message.includes(':'); // it says what is wrong with a stream's header, and nothing where a block is missing
  return new DamagedStream(between ? 'behind a whole stream stands what is not bzip2' : 'the data are corrupt');
}
