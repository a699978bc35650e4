// A telescope's day for measuring: classic pcap files, the same bytes for the same mix, size and seed; frames are 60 to 74 bytes.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { type Mix, TELESCOPE } from './captures/mixes.ts';
import { DAY_SECONDS, MOST_BYTES } from './captures/packet.ts';
import { xorshift } from './captures/random.ts';

/** The monitored block of a telescope's day: 4096 addresses. */
export const DAY_DARKNET = TELESCOPE.darknet;

const CHUNK = 1 << 22;

/** Writes the day's file into `directory` unless it is there; returns its path. */
export function telescopeDay(directory: string, packets: number, seed = 1, mix = TELESCOPE): string {
  const file = path.join(directory, `${mix.name}-${packets}-${seed}.pcap`);
  if (existsSync(file)) return file;
  mkdirSync(directory, { recursive: true });
  const unfinished = `${file}.unfinished`;
  dayWriter(packets, seed, mix)(unfinished, packets);
  renameSync(unfinished, file);
  return file;
}

/** The same packets in many files of equal length, one after another in time; returns the directory of files. */
export function telescopeFiles(directory: string, files: number, packetsEach: number, seed = 1): string {
  const made = path.join(directory, `files-${files}-${packetsEach}-${seed}`);
  if (existsSync(made)) return made;
  const unfinished = `${made}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const write = dayWriter(files * packetsEach, seed, TELESCOPE);
  for (let file = 0; file < files; file++)
    write(path.join(unfinished, `${String(file).padStart(6, '0')}.pcap`), packetsEach);
  renameSync(unfinished, made);
  return made;
}

/** A function that writes the next so many packets of the day into a file. */
function dayWriter(packets: number, seed: number, mix: Mix): (file: string, many: number) => void {
  const chunk = Buffer.alloc(CHUNK);
  const view = new DataView(chunk.buffer, chunk.byteOffset);
  const random = xorshift(seed);
  let packet = 0;
  return (file, many) => {
    const descriptor = openSync(file, 'w');
    let at = writeHeader(view);
    for (const end = packet + many; packet < end; packet++) {
      if (at + MOST_BYTES > CHUNK) {
        writeSync(descriptor, chunk, 0, at);
        at = 0;
      }
      at = mix.write(view, at, Math.floor((packet * DAY_SECONDS * 1e6) / packets), random);
    }
    writeSync(descriptor, chunk, 0, at);
    closeSync(descriptor);
  };
}

function writeHeader(view: DataView): number {
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 65535, true);
  view.setUint32(20, 1, true);
  return 24;
}
