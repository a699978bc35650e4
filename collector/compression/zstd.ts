// zstd (RFC 8878), with all its frames, by the zstd library itself as WebAssembly. Runs in a thread.
import { ZSTDDecoder } from 'zstddec/stream';
import { DamagedStream, type Decoder, endsEarly, type Streams, windowTooLarge } from './decoder.ts';
import { INPUT_BYTES } from './exchange.ts';

/** What the module exports of zstd.h. Its own streaming function is not used: it does not look for errors. */
interface Exports {
  memory: { buffer: ArrayBuffer };
  malloc(bytes: number): number;
  free(at: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): number;
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

/** A block: what a call had made when it found a damage is lost. */
const OUTPUT_BYTES = 128 * 1024;
/** ZSTD_inBuffer and ZSTD_outBuffer: address, size, position, 4 bytes each. */
const BUFFER_STRUCT = 12;
const POSITION = 8;

/** ZSTD_isError: the 120 numbers below zero are errors (zstd_errors.h). */
const LAST_ERROR = -120;
const PREFIX_UNKNOWN = -10;
const WINDOW_TOO_LARGE = -16;
const ERRORS: Record<number, string> = {
  [-20]: 'the data are corrupt',
  [-22]: 'the checksum does not fit the data',
  [-32]: 'compressed with a dictionary, which is not here',
  [-64]: 'out of memory',
};

export async function createZstdDecoder(): Promise<Decoder> {
  const exports = await load();
  return (streams) => decodeZstd(exports, streams);
}

async function load(): Promise<Exports> {
  const decoder = new ZSTDDecoder();
  const init = decoder._init;
  decoder._init = (made) => {
    init.call(decoder, made);
    loaded = made.instance.exports as unknown as Exports;
  };
  await decoder.init(); // makes the module once in a thread
  return loaded as Exports;
}

let loaded: Exports | undefined;

function decodeZstd(exports: Exports, { pull, give }: Streams): void {
  const context = exports.ZSTD_createDCtx();
  const memory = exports.malloc(INPUT_BYTES + OUTPUT_BYTES + 2 * BUFFER_STRUCT);
  const input = memory + INPUT_BYTES + OUTPUT_BYTES;
  const output = input + BUFFER_STRUCT;
  /** What zstd wants to have next: 0 at the end of a frame. */
  let wanted = 0;
  let frames = 0;
  try {
    for (let piece = pull(); piece !== undefined; piece = pull()) {
      let view = new DataView(exports.memory.buffer);
      new Uint8Array(exports.memory.buffer).set(piece, memory);
      setBuffer(view, input, memory, piece.length);
      for (let consumed = 0, full = false; consumed < piece.length || (full && wanted !== 0); ) {
        setBuffer(view, output, memory + INPUT_BYTES, OUTPUT_BYTES);
        wanted = exports.ZSTD_decompressStream(context, output, input);
        if (view.buffer !== exports.memory.buffer) view = new DataView(exports.memory.buffer); // the memory has grown
        if (wanted < 0 && wanted >= LAST_ERROR) throw zstdError(wanted, frames);
        if (wanted === 0) frames++;
        const made = view.getUint32(output + POSITION, true);
        give(new Uint8Array(exports.memory.buffer, memory + INPUT_BYTES, made));
        consumed = view.getUint32(input + POSITION, true);
        full = made === OUTPUT_BYTES;
      }
    }
    if (wanted !== 0) throw endsEarly();
  } finally {
    exports.ZSTD_freeDCtx(context);
    exports.free(memory);
  }
}

function setBuffer(view: DataView, at: number, address: number, bytes: number): void {
  view.setUint32(at, address, true);
  view.setUint32(at + 4, bytes, true);
  view.setUint32(at + POSITION, 0, true);
}

function zstdError(code: number, frames: number): DamagedStream {
  if (code === WINDOW_TOO_LARGE) return windowTooLarge('"zstd -d --long=31"');
  if (code === PREFIX_UNKNOWN && frames > 0) return new DamagedStream('behind a whole frame stands what is not zstd');
  return new DamagedStream(ERRORS[code] ?? `error ${-code} of the zstd library`);
}
