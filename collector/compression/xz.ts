// xz, with all its streams and the padding between them, by liblzma. Runs in a thread.
import lzma from 'lzma-native';
import { MAX_WINDOW } from './compressions.ts';
import { DamagedStream, type Decoder, endsEarly, windowTooLarge } from './decoder.ts';

/** liblzma counts its own few structures too. */
const MEMORY_LIMIT = MAX_WINDOW + (1 << 20);
/** Fed at once: all that comes of it is held in memory, and xz makes up to 7,000 bytes of one. */
const STEP = 8192;
const OUTPUT_BYTES = 64 * 1024;

const ERRORS: Record<string, string> = {
  LZMA_DATA_ERROR: 'the data are corrupt',
  LZMA_OPTIONS_ERROR: 'made with options that are not known',
  LZMA_MEM_ERROR: 'out of memory',
};

export const decodeXz: Decoder = ({ pull, give }) => {
  let ended: { error: { name: string } | null } | undefined;
  const stream = new lzma.Stream();
  stream.setBufsize(OUTPUT_BYTES);
  stream.streamDecoder({ memlimit: MEMORY_LIMIT, flags: lzma.CONCATENATED });
  stream.bufferHandler = (bytes, _chunks, error) => {
    if (bytes) give(bytes);
    else if (bytes === null) ended = { error: error ?? null };
  };
  try {
    for (let piece = pull(); piece !== undefined; piece = pull()) {
      for (let at = 0; at < piece.length && !ended; at += STEP) stream.code(piece.subarray(at, at + STEP), false);
      if (ended) throw xzError(ended.error?.name);
    }
    stream.code(null, false);
    if (ended?.error !== null) throw xzError(ended?.error.name);
  } finally {
    stream.resetUnderlying();
  }
};

function xzError(name: string | undefined): DamagedStream {
  if (name === undefined || name === 'LZMA_BUF_ERROR') return endsEarly();
  if (name === 'LZMA_MEMLIMIT_ERROR') return windowTooLarge('"xz -d"');
  return new DamagedStream(ERRORS[name] ?? `${name} of liblzma`);
}
