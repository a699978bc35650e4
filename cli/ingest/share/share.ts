// `ingest --share` from its options to its account.
import { hostname } from 'node:os';
import type { CaptureFile } from '../../../collector/discover.ts';
import { type Directory, endAlone } from '../../../store/alone.ts';
import type { Connection } from '../../../store/database.ts';
import { type DataFiles, directoryId } from '../../../store/engine/files.ts';
import type { RunAccount } from '../account.ts';
import type { IngestConfig } from '../run.ts';
import { SharedIngest } from './run.ts';
import { openShareSpool, sendLeftoversOnce } from './spool.ts';

/** A data directory as a server is told of it. */
export function directoryOf(sensor: string, paths: DataFiles): Directory {
  return { sensor, holder: `${hostname()}, ${paths.directory}`, id: directoryId(paths) };
}

/** What all who share must count with, as claims keep it. */
export function sharedSettings({ rulesVersion, settings }: IngestConfig['countedWith']): string {
  return `${rulesVersion} ${settings}`;
}

/** Ingests the files together with whoever else does. */
export async function ingestShared(
  db: Connection,
  files: readonly CaptureFile[],
  config: IngestConfig,
  paths: DataFiles,
  leaseMs: number,
): Promise<RunAccount> {
  await sendLeftoversOnce(db, paths);
  await endAlone(db, directoryOf(config.sensor.sensor, paths));
  const { spool, close } = openShareSpool(paths);
  try {
    const { sensor, countedWith } = config;
    const who = {
      sensor: sensor.sensor,
      holder: `${hostname()}, process ${process.pid}`,
      settings: sharedSettings(countedWith),
      leaseMs,
    };
    const ingest = new SharedIngest(db, { ...config, spool, who });
    await ingest.pass(files);
    await ingest.finalise();
    await ingest.checkBalance();
    return ingest.account;
  } finally {
    close();
  }
}
