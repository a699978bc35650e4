// A ClickHouse server of the tests: the embedded engine's library with a configuration of the test's, until standard input ends.
// Arguments: the configuration, the directory of its data, HTTP port, TCP port.
import { createRequire } from 'node:module';
import { DataType, load, open } from 'ffi-rs';

const [config, directory, httpPort, tcpPort] = process.argv.slice(2);
const LIBRARIES = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
};
const fromChdb = createRequire(createRequire(import.meta.url).resolve('chdb/package.json'));
open({ library: 'chdb', path: fromChdb.resolve(`${LIBRARIES[`${process.platform}-${process.arch}`]}/libchdb.so`) });
const argv = [
  'clickhouse-local',
  `--path=${directory}`,
  `--config-file=${config}`,
  '--listen_host=127.0.0.1',
  `--http_port=${httpPort}`,
  `--tcp_port=${tcpPort}`,
  '--logger.console=1',
  '--log-level=error',
  '--query',
  "SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; SELECT count() FROM file('-', 'LineAsString', 'line String') FORMAT Null",
];
await load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [argv.length, argv],
  runInNewThread: true,
});
