// The engine's own process: a whole `clickhouse local` out of the chdb package's library, called once on a thread of its own.
// Its last statement reads a named pipe of ours, so that closing the pipe ends it: that happens when its last user has gone.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataType, isNullPointer, load, open } from 'ffi-rs';
import { quoted } from '../sql.ts';
import { dataFiles, readSecret, writeWhole } from './files.ts';
import { makeNamedPipe } from './libc.ts';
import { welcomeUsers } from './lifeline.ts';
import { relayTo } from './relay.ts';

const LIBRARIES: Record<string, string> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
};
const POLL_MS = 10;

const files = dataFiles(process.argv[2] as string);
const secret = readSecret(files);
const portFile = `${files.address}.${process.pid}.port`;
const pipe = `${files.address}.${process.pid}.pipe`;
makeNamedPipe(pipe);
open({ library: 'chdb', path: libraryPath() });
let ended = false;
const work = runEngine([
  'clickhouse-local',
  `--path=${files.engine}`,
  `--config-file=${files.config}`,
  '--listen_host=127.0.0.1',
  '--http_port=0',
  '--logger.console=1',
  '--log-level=error',
  '--query',
  [
    'SYSTEM START LISTEN HTTP',
    `SELECT getServerPort('http_port') INTO OUTFILE ${quoted(portFile)} TRUNCATE FORMAT TSV`,
    `SELECT count() FROM file(${quoted(pipe)}, 'LineAsString', 'line String') FORMAT Null`,
  ].join('; '),
]).finally(() => {
  ended = true;
  rmSync(pipe, { force: true });
  rmSync(portFile, { force: true });
});
await serve();
await work;

/** Lets users in as soon as the engine listens, and lets go of the engine after the last. */
async function serve(): Promise<void> {
  let port = 0;
  while (port === 0 && !ended) {
    await sleep(POLL_MS);
    port = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
  }
  if (ended) return;
  // Opens when the engine opens its end.
  const ourEnd = await openFile(pipe, 'w');
  const relay = await relayTo(port);
  const { joinPort, gone } = await welcomeUsers(secret, relay.port);
  writeWhole(files.address, JSON.stringify({ joinPort, httpPort: relay.port, pid: process.pid }));
  await gone;
  rmSync(files.address, { force: true });
  relay.close();
  await ourEnd.close();
}

async function runEngine(argv: readonly string[]): Promise<void> {
  const result = await load({
    library: 'chdb',
    funcName: 'chdb_query_cmdline',
    retType: DataType.External,
    paramsType: [DataType.I32, DataType.StringArray],
    paramsValue: [argv.length, argv],
    runInNewThread: true,
  });
  if (isNullPointer(errorOf(result, DataType.External) as never)) return;
  process.stderr.write(`${errorOf(result, DataType.String)}\n`);
  process.exitCode = 1;
}

function errorOf(result: unknown, retType: DataType): unknown {
  return load({
    library: 'chdb',
    funcName: 'chdb_result_error',
    retType,
    paramsType: [DataType.External],
    paramsValue: [result],
  } as never);
}

function libraryPath(): string {
  const platform = `${process.platform}-${process.arch}`;
  const library = LIBRARIES[platform];
  if (library === undefined)
    throw new Error(`no embedded ClickHouse for ${platform}: give a server with --clickhouse URL`);
  // The library is a dependency of chdb, so it is looked for from there.
  const fromChdb = createRequire(createRequire(import.meta.url).resolve('chdb/package.json'));
  return fromChdb.resolve(`${library}/libchdb.so`);
}
