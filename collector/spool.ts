// Blocks between counting and the database, on disk: a batch is a directory of files that appears whole or not at all
// (write, fsync, rename). A batch is deleted when the database has taken it; what is left over is sent again at the next start.
// Each file's name ends with the CRC-32 of its bytes, so that a disk which returns others is noticed before they are sent.
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';

export interface SpoolBlock {
  table: string;
  pieces: Uint8Array[];
}

export interface SpoolFile {
  table: string;
  file: string;
  /** Deduplication token: the same for every time this file is sent. */
  token: string;
}

const UNFINISHED = '.unfinished';
/** Why a batch was put out of the way: its bytes are wrong; the database does not take what it was counted for. */
const ASIDE = ['.damaged', '.refused'] as const;
export type Aside = (typeof ASIDE)[number];
const FILE_NAME = /^(\d{4})-(\w+)-([0-9a-f]{8})\.native$/;

/**
 * Writes a batch.
 * @param units identities of the units in it: they name the batch, so the same units in a batch make the same tokens
 * @param blocks in the order in which they must be inserted
 * @param name a name for the batch instead, never given twice
 * @param lasting must survive a power cut; what can be made again need not
 * @returns the batch's directory
 * @throws the file system's error; nothing is left behind that would be sent
 */
export async function writeBatch(
  spool: string,
  units: readonly string[],
  blocks: readonly SpoolBlock[],
  name = createHash('sha256').update(units.join('\n')).digest('hex').slice(0, 32),
  lasting = true,
): Promise<string> {
  const unfinished = path.join(spool, `${name}${UNFINISHED}`);
  const finished = path.join(spool, name);
  await rm(unfinished, { recursive: true, force: true });
  try {
    await mkdir(unfinished, { mode: 0o700 });
    for (const [order, { table, pieces }] of blocks.entries()) {
      const whole = pieces.filter((piece) => piece.byteLength > 0); // crc32 of nothing begins anew
      const sum = checksumText(whole.reduce((crc, piece) => crc32(piece, crc), 0));
      await writeWhole(
        path.join(unfinished, `${String(order).padStart(4, '0')}-${table}-${sum}.native`),
        whole,
        lasting,
      );
    }
    if (lasting) await syncDirectory(unfinished);
    await rename(unfinished, finished);
    if (lasting) await syncDirectory(spool);
    return finished;
  } catch (error) {
    // The room it takes may be what the database lacks.
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new Error(
      `the disk of ${spool} is full: make room, then give the same command again; it goes on where it stood`,
      { cause: error },
    );
  }
}

/** The files of a batch in the order of insertion. */
export async function batchFiles(batch: string): Promise<SpoolFile[]> {
  const names = (await readdir(batch)).filter((name) => FILE_NAME.test(name)).sort();
  return names.map((name) => {
    const [, order, table = ''] = FILE_NAME.exec(name) ?? [];
    return { table, file: path.join(batch, name), token: `${path.basename(batch)}-${order}-${table}` };
  });
}

/** What is wrong with a batch's files; undefined when every one is there and holds the bytes that were written. */
export async function batchDamage(batch: string): Promise<string | undefined> {
  const names = (await readdir(batch)).sort();
  if (names.length === 0) return 'it is empty';
  for (const [order, name] of names.entries()) {
    const [, number, , sum] = FILE_NAME.exec(name) ?? [];
    if (Number(number) !== order) return `${name} is not the file that was written at its place`;
    let crc = 0;
    const handle = await open(path.join(batch, name), 'r');
    for await (const piece of handle.createReadStream({ highWaterMark: 1 << 20 })) crc = crc32(piece, crc);
    if (checksumText(crc) !== sum) return `${name} does not hold the bytes that were written`;
  }
  return undefined;
}

/** Puts a batch out of the way, under a name that is never sent. */
export async function setAside(batch: string, why: Aside = '.damaged'): Promise<string> {
  await rename(batch, `${batch}${why}`);
  return `${batch}${why}`;
}

/** At once, as far as others can see: a batch of which a part was deleted would look damaged. */
export async function removeBatch(batch: string): Promise<void> {
  const going = `${batch}${UNFINISHED}`;
  await rename(batch, going);
  await rm(going, { recursive: true, force: true });
}

/** Number of batches that wait, without touching any: one may be on its way just now. 0 where there is no spool. */
export async function waitingBatches(spool: string): Promise<number> {
  const names = await readdir(spool).catch((): string[] => []);
  return names.filter(isWhole).length;
}

/** Batches that were written but perhaps not, or not wholly, inserted; half-written ones are thrown away. */
export async function leftoverBatches(spool: string): Promise<string[]> {
  const names = await readdir(spool);
  for (const name of names) {
    if (name.endsWith(UNFINISHED)) await rm(path.join(spool, name), { recursive: true, force: true });
  }
  return names
    .filter(isWhole)
    .sort()
    .map((name) => path.join(spool, name));
}

function isWhole(name: string): boolean {
  return ![UNFINISHED, ...ASIDE].some((ending) => name.endsWith(ending));
}

function checksumText(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

async function writeWhole(file: string, pieces: Uint8Array[], synced: boolean): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    let rest = pieces;
    while (rest.length > 0) {
      const part = rest.slice(0, 512);
      const length = part.reduce((sum, piece) => sum + piece.byteLength, 0);
      const { bytesWritten } = await handle.writev(part);
      // A disk that fills up takes a part; writing the rest then says why.
      rest = bytesWritten < length ? behind(rest, bytesWritten) : rest.slice(512);
    }
    if (synced) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What of the pieces lies behind the first `bytes`. */
function behind(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  return pieces.flatMap((piece) => {
    const rest = piece.subarray(Math.min(left, piece.byteLength));
    left -= piece.byteLength - rest.byteLength;
    return rest.byteLength > 0 ? [rest] : [];
  });
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
