// What we use of lzma-native: its binding to liblzma, without the Node stream around it, which is half as fast.
declare module 'lzma-native' {
  export class Stream {
    setBufsize(bytes: number): void;
    streamDecoder(options: { memlimit: number; flags: number }): void;
    /**
     * Decodes a piece, or the end for null; unless `async`, the handler has been called with all that comes of it on return.
     */
    code(piece: Uint8Array | null, async: boolean): void;
    /** Called with bytes; with null at the end, or with an error that is one; with undefined to tell of pieces decoded. */
    bufferHandler: (bytes: Uint8Array | null | undefined, pieces: number | undefined, error?: Error | null) => void;
    resetUnderlying(): void;
  }
  export const CONCATENATED: number;
  /** Used by tests. */
  export function compress(bytes: Uint8Array, options: { preset: number }): Promise<Uint8Array>;
  const lzma: { Stream: typeof Stream; CONCATENATED: number; compress: typeof compress };
  export default lzma;
}
