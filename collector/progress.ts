// Progress of long work on standard error: one line that moves on a terminal, a plain line now and then elsewhere.
import cliProgress from 'cli-progress';

export interface ProgressCounts {
  bytes: number;
  packets: number;
}

export interface Progress {
  update(counts: ProgressCounts): void;
  stop(): void;
}

const PLAIN_EVERY_MS = 10_000;

/** @param totalBytes 0 when not known (standard input) */
export function createProgress(totalBytes: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(totalBytes, stream) : plainLines(totalBytes, stream);
}

export function noProgress(): Progress {
  return { update: () => {}, stop: () => {} };
}

function bar(totalBytes: number, stream: NodeJS.WriteStream): Progress {
  const started = performance.now();
  const format =
    totalBytes > 0
      ? '{bar} {percentage} %  {done} of {all}  {packets} packets  {rate} packets/s  {eta_formatted} left'
      : '{done}  {packets} packets  {rate} packets/s';
  const single = new cliProgress.SingleBar(
    {
      format,
      stream,
      fps: 5,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 20,
      barCompleteChar: '█',
      barIncompleteChar: '░',
    },
    cliProgress.Presets.shades_classic,
  );
  single.start(Math.max(totalBytes, 1), 0, { done: '0 B', all: bytesText(totalBytes), packets: '0', rate: '0' });
  return {
    update: ({ bytes, packets }) => {
      const rate = count((packets / (performance.now() - started)) * 1000);
      single.update(bytes, { done: bytesText(bytes), packets: count(packets), rate });
    },
    stop: () => single.stop(),
  };
}

function plainLines(totalBytes: number, stream: NodeJS.WriteStream): Progress {
  const started = performance.now();
  let last = started;
  return {
    update: ({ bytes, packets }) => {
      const now = performance.now();
      if (now - last < PLAIN_EVERY_MS) return;
      last = now;
      const seconds = (now - started) / 1000;
      const left = totalBytes > 0 && bytes > 0 ? `, ${Math.ceil((seconds / bytes) * (totalBytes - bytes))} s left` : '';
      stream.write(
        `${bytesText(bytes)} read, ${count(packets)} packets, ${count(packets / seconds)} packets/s${left}\n`,
      );
    },
    stop: () => {},
  };
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Bytes for people: "1.5 GB". */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
