// What we use of seek-bzip.
declare module 'seek-bzip' {
  class Stream {
    readByte(): number;
    writeByte(byte: number): void;
  }
  const Bunzip: {
    Stream: typeof Stream;
    Err: Record<string, number>;
    /** Reads to the end of the first stream, or of the last one; throws an error with an `errorCode`. */
    decode(input: Stream & { eof(): boolean }, output: Stream, multistream: boolean): void;
  };
  export default Bunzip;
}
