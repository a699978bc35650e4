// The engine's own process: a whole `clickhouse local` out of the chdb package's library, called once with the arguments given.
// It listens on loopback until its standard input (the lifeline) has no writer left, and returns then.
import { createRequire } from 'node:module';
import { DataType, isNullPointer, load, open } from 'ffi-rs';

const LIBRARIES: Record<string, string> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
};

const [engineArguments] = process.argv.slice(2);
const argv = ['clickhouse-local', ...(JSON.parse(engineArguments ?? '[]') as string[])];
open({ library: 'chdb', path: libraryPath() });
const result = load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [argv.length, argv],
});
if (!isNullPointer(error(DataType.External) as never)) {
  process.stderr.write(`${error(DataType.String)}\n`);
  process.exitCode = 1;
}

function error(retType: DataType): unknown {
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
