// The thread that keeps captures: records of the ring to pcap, compressed a unit at a time. Every unit is a gzip member of its own, so a file is
// whole up to its last member however the process ends.
import { appendFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import type { KeepAnswer, KeepJob, KeepSetup } from './keep.ts';
import { pcapHeader, pcapRecords } from './ring-pcap.ts';

/** A file is ended when it has so many bytes, and with the hour. */
const FILE_BYTES = 100_000_000;
const HOUR_MS = 3_600_000;

const { directory, sensor, mostBytes } = workerData as KeepSetup;
const prefix = `${encodeURIComponent(sensor)}-`;
let file: { path: string; hour: number; linkType: number; bytes: number } | undefined;

parentPort?.on('message', (job: KeepJob) => {
  const answer: KeepAnswer = { number: job.slot.number };
  try {
    write(job);
  } catch (error) {
    answer.trouble = (error as Error).message;
    file = undefined;
  }
  parentPort?.postMessage(answer);
});

function write({ slot, bytes, linkType }: KeepJob): void {
  const hour = Math.floor(Date.now() / HOUR_MS);
  const records = pcapRecords(new DataView(slot.buffer), bytes);
  const isNew = file === undefined || file.hour !== hour || file.linkType !== linkType || file.bytes > FILE_BYTES;
  if (isNew) file = { path: path.join(directory, nameNow()), hour, linkType, bytes: 0 };
  const member = gzipSync(isNew ? Buffer.concat([pcapHeader(linkType), records]) : records, { level: 1 });
  const current = file as NonNullable<typeof file>;
  appendFileSync(current.path, member, { mode: 0o600 });
  current.bytes += member.length;
  if (isNew) deleteOldest();
}

function nameNow(): string {
  return `${prefix}${new Date().toISOString().replaceAll(/[-:.]/g, '')}.pcap.gz`;
}

/** Names sort by time. The file at hand may still grow by its full size. */
function deleteOldest(): void {
  const names = readdirSync(directory)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.pcap.gz'))
    .sort();
  const sizes = names.map((name) => statSync(path.join(directory, name)).size);
  let total = sizes.reduce((sum, size) => sum + size, 0) + Math.min(FILE_BYTES, mostBytes / 2);
  for (const [i, name] of names.slice(0, -1).entries()) {
    if (total <= mostBytes) return;
    rmSync(path.join(directory, name));
    total -= sizes[i] as number;
  }
}
