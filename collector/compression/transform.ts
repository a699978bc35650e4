// A decompressing stream of Node's zlib as a byte source, ahead of the reader. What is given out before a damage is the same every time,
// and of a cut file it is everything: units are known by their bytes, so the bytes of a damaged file must not depend on timing.
import type { Transform } from 'node:stream';
import { damageWithin, fill } from '../bytes.ts';
import type { ByteSource, StreamDamage } from '../source.ts';
import { INPUT_BYTES } from './exchange.ts';
import { Signal } from './signal.ts';

/** Decompressed bytes that are kept ready; the stream stops there. */
const AHEAD = 6 << 20;

type ZlibStream = Transform & { bytesWritten: number };

/** @param stream must have a `readableHighWaterMark` of 1, so that it stops at once where nobody takes what it made */
export function transformSource(name: string, stream: ZlibStream, compressed: ByteSource): ByteSource {
  const reader = new TransformReader(name, stream, compressed);
  return {
    read: (into, at, most) => reader.read(into, at, most),
    taken: compressed.taken,
    seekable: false,
    damage: () => reader.damage,
    close: () => reader.close(),
  };
}

class TransformReader {
  damage: StreamDamage | undefined;
  #name: string;
  #stream: ZlibStream;
  #compressed: ByteSource;
  /** What was decompressed and not given out, and what of the first piece was. */
  #pieces: Uint8Array[] = [];
  #given = 0;
  #ready = 0;
  #ended = false;
  #failure: Error | undefined;
  #started = false;
  #fed = false;
  #change = new Signal();

  constructor(name: string, stream: ZlibStream, compressed: ByteSource) {
    this.#name = name;
    this.#stream = stream;
    this.#compressed = compressed;
  }

  async read(into: Uint8Array, at: number, most: number): Promise<number> {
    if (!this.#started) this.#start();
    while (this.#pieces.length === 0) {
      if (this.#failure) throw this.#failure;
      if (this.#ended) return 0;
      await this.#change.wait();
    }
    const piece = this.#pieces[0] as Uint8Array;
    const part = piece.subarray(this.#given, this.#given + most);
    into.set(part, at);
    this.#given += part.length;
    if (this.#given === piece.length) {
      this.#pieces.shift();
      this.#given = 0;
    }
    this.#ready -= part.length;
    if (this.#ready < AHEAD && this.#stream.isPaused()) this.#stream.resume();
    this.#change.tell();
    return part.length;
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#stream.destroy();
    this.#change.tell();
    await this.#compressed.close();
  }

  #start(): void {
    this.#started = true;
    this.#stream.on('data', (piece: Uint8Array) => {
      this.#pieces.push(piece);
      this.#ready += piece.length;
      if (this.#ready >= AHEAD) this.#stream.pause();
      this.#change.tell();
    });
    this.#stream.on('end', () => {
      if (this.#fed) this.#end(); // else something follows that the stream does not take
    });
    this.#stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#end({ what: error.message, unfinished: error.code === 'Z_BUF_ERROR' });
    });
    this.#feed().catch((error: Error) => {
      this.#failure = error;
      this.#change.tell();
    });
  }

  /** Feeds piece after piece, reading one while the one before is decompressed. */
  async #feed(): Promise<void> {
    let [input, other] = [new Uint8Array(INPUT_BYTES), new Uint8Array(INPUT_BYTES)];
    let reading = fill(this.#compressed, input);
    for (let fed = 0; ; ) {
      const length = await reading;
      while (this.#ready >= AHEAD && !this.#ended) await this.#change.wait();
      if (this.#ended) return;
      if (length === 0) break;
      reading = fill(this.#compressed, other);
      reading.catch(() => {}); // it is awaited above, unless the stream has ended by then
      await this.#write(input.subarray(0, length));
      if (this.#ended) return;
      fed += length;
      const left = fed - this.#stream.bytesWritten;
      if (left > 0) return await this.#endWith(input.subarray(length - left, length), reading, other);
      [input, other] = [other, input];
    }
    this.#fed = true;
    this.#stream.end();
  }

  /** The stream takes nothing more: zeros may follow, as tapes and block devices leave them. */
  async #endWith(left: Uint8Array, reading: Promise<number>, other: Uint8Array): Promise<void> {
    let more = left.some((byte) => byte !== 0);
    for (let length = await reading; length > 0 && !more; length = await fill(this.#compressed, other)) {
      more = other.subarray(0, length).some((byte) => byte !== 0);
    }
    const what = `behind a whole member stands what is not ${this.#name}`;
    this.#end(more ? { what, unfinished: false } : undefined);
  }

  #write(piece: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#stream.off('error', done);
        resolve();
      };
      this.#stream.once('error', done);
      this.#stream.write(piece, done);
    });
  }

  #end(damage?: StreamDamage): void {
    if (this.#ended) return;
    this.#ended = true;
    this.damage = damageWithin(this.#compressed, this.#name, damage);
    this.#change.tell();
  }
}
