// gzip as a byte source, with all its members. What is given out before a damage is the same every time, and of a cut file it is
// everything: units are known by their bytes, so the bytes of a damaged file must not depend on timing.
import { createGunzip } from 'node:zlib';
import type { ByteSource, StreamDamage } from './source.ts';

const INPUT_BYTES = 256 * 1024;
const OUTPUT_BYTES = 256 * 1024;

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

export function gunzipSource(compressed: ByteSource): ByteSource {
  const gunzip = createGunzip({ chunkSize: OUTPUT_BYTES });
  const input = new Uint8Array(INPUT_BYTES);
  const output: Uint8Array[] = [];
  let given = 0;
  let ended = false;
  let damage: StreamDamage | undefined;
  // A data listener takes every piece at once, so that an error later on cannot throw pieces away.
  gunzip.on('data', (piece: Uint8Array) => output.push(piece));
  gunzip.on('end', () => {
    ended = true;
  });
  gunzip.on('error', (error) => {
    damage = { what: `gzip: ${error.message}`, unfinished: (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' };
    ended = true;
  });

  /** Fills `input`, so that only the file itself decides where pieces end: zlib drops the output that it was at when it finds an error. */
  const readPiece = async () => {
    let length = 0;
    while (length < input.length) {
      const count = await compressed.read(input, length, input.length - length);
      if (count === 0) break;
      length += count;
    }
    return length;
  };

  /** Feeds one piece of input and waits until its output is there. */
  const feed = async () => {
    const count = await readPiece();
    const before = gunzip.bytesWritten;
    await new Promise<void>((resolve) => {
      const done = () => {
        gunzip.off('error', done);
        gunzip.off('end', done);
        resolve();
      };
      gunzip.once('error', done);
      // Where zeros follow the compressed data the stream ends by itself, and never calls the write done.
      gunzip.once('end', done);
      if (count === 0) gunzip.end();
      else gunzip.write(input.slice(0, count), done);
    });
    if (ended && damage === undefined) await checkPadding(input.subarray(gunzip.bytesWritten - before, count));
  };

  /** Behind the end there may be zeros: tapes and disks fill their blocks with them. */
  const checkPadding = async (rest: Uint8Array) => {
    for (let bytes = rest; bytes.length > 0; bytes = input.subarray(0, await readPiece())) {
      if (bytes.every((byte) => byte === 0)) continue;
      damage = { what: 'gzip: something else stands behind the end of the compressed data', unfinished: false };
      return;
    }
  };

  return {
    read: async (into, at, most) => {
      while (output.length === 0) {
        if (ended) return 0;
        await feed();
      }
      const piece = output[0] as Uint8Array;
      const part = piece.subarray(given, given + most);
      into.set(part, at);
      given += part.length;
      if (given === piece.length) {
        output.shift();
        given = 0;
      }
      return part.length;
    },
    seekable: false,
    taken: compressed.taken,
    damage: () => damage,
    close: async () => {
      gunzip.destroy();
      await compressed.close();
    },
  };
}
