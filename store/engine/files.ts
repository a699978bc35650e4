// The files of a data directory and the engine's configuration in it. Everything is for its owner's eyes only.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inDirectory } from './trouble.ts';

/** The database user of every umbrascope command. */
export const ENGINE_USER = 'umbrascope';

export interface DataFiles {
  directory: string;
  /** ClickHouse's own files. */
  engine: string;
  /** Held by the engine's process as long as it lives. */
  engineLock: string;
  /** Where the running engine is to be joined. */
  address: string;
  secret: string;
  config: string;
  users: string;
  log: string;
  /** Blocks on their way into the database. */
  spool: string;
  /** Where `BACKUP … TO File('name')` writes. */
  backups: string;
  /** The same of each process that shares the ingest of an archive, in a directory of its own; nothing in it is needed afterwards. */
  shareSpool: string;
  /** A random name of the directory, by which a server knows from where one ingests. */
  identity: string;
  /** Held by the one ingest that may run, or by all that share one. */
  ingestLock: string;
  /** What `verify` counts again, away from the database; gone when it ends. */
  recount: string;
  /** Held by the one verify that may run. */
  verifyLock: string;
  /** Blocks of a live sensor on their way: kept apart, so that sensor and ingest may run at once. */
  sensorSpool: string;
  /** Held by the one sensor process that may run. */
  sensorLock: string;
  /** What live sensors were last settled as, by name: for a start while the database is away. */
  sensorSettings: string;
}

export function dataFiles(directory: string): DataFiles {
  const inside = (name: string) => path.join(path.resolve(directory), name);
  return {
    directory: path.resolve(directory),
    engine: inside('engine'),
    engineLock: inside('engine.lock'),
    address: inside('engine.json'),
    secret: inside('engine.secret'),
    config: inside('engine-config.xml'),
    users: inside('engine-users.xml'),
    log: inside('engine.log'),
    spool: inside('spool'),
    backups: inside('backups'),
    shareSpool: inside('share-spool'),
    identity: inside('directory.id'),
    ingestLock: inside('ingest.lock'),
    recount: inside('recount'),
    verifyLock: inside('verify.lock'),
    sensorSpool: inside('sensor-spool'),
    sensorLock: inside('sensor.lock'),
    sensorSettings: inside('sensor-settings.json'),
  };
}

/** Makes the directory and the configuration where they are missing. Two commands may do this at once: every file appears whole. */
export function prepareDataDirectory(files: DataFiles, memoryBytes: number): void {
  prepareSpool(files);
  inDirectory(files.directory, () => {
    if (!existsSync(files.secret)) writeWhole(files.secret, randomBytes(24).toString('base64url'), true);
    const digest = createHash('sha256').update(readSecret(files)).digest('hex');
    writeWhole(files.users, usersXml(digest));
    writeWhole(files.config, configXml(files, memoryBytes));
  });
}

/** The directory's random name, made when it is first asked for. */
export function directoryId(files: DataFiles): string {
  return inDirectory(files.directory, () => {
    if (!existsSync(files.identity)) writeWhole(files.identity, randomBytes(12).toString('base64url'), true);
    return readFileSync(files.identity, 'utf8');
  });
}

/** Makes the data directory and the spool in it. */
export function prepareSpool(files: DataFiles): void {
  inDirectory(files.directory, () => {
    makeDirectory(files.directory);
    makeDirectory(files.spool);
    makeDirectory(files.sensorSpool);
  });
}

/** Step by step: mkdir's own recursive way never ends in a place like /proc, where a directory exists that takes none. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  if (!existsSync(path.dirname(directory))) makeDirectory(path.dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

export function readSecret(files: DataFiles): string {
  return readFileSync(files.secret, 'utf8');
}

export function writeWhole(file: string, text: string, keepFirst = false): void {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    if (!keepFirst || !existsSync(file)) renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Parts of about one size that are merged together, instead of 5: a merge costs twice what an insert costs (0.55 against 0.2 µs a row of
 * flows), and with 5 there is one while a capture is still being read.
 */
const MERGE_BASE = 32;

/**
 * A table of so many columns is written through buffers that grow as they are filled. Those of a megabyte a column, which only tables of 500 columns
 * do without by default, are new memory most of the time, which must be cleared first.
 */
const GROWING_BUFFERS_FROM = 1;

/**
 * A statement's expressions become machine code when they were run so often, and not the third time: that takes a second and more for the
 * statements that finalise, which a command never has back.
 */
const RUNS_UNTIL_COMPILED = 100;

function configXml(files: DataFiles, memoryBytes: number): string {
  return `<clickhouse>
  <users_config>${xmlText(files.users)}</users_config>
  <max_server_memory_usage>${memoryBytes}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <keep_alive_timeout>60</keep_alive_timeout>
  <max_connections>256</max_connections>
  <backups><allowed_path>${xmlText(files.backups)}</allowed_path></backups>
  <background_pool_size>1</background_pool_size>
  <background_merges_mutations_concurrency_ratio>1</background_merges_mutations_concurrency_ratio>
  <merge_tree>
    <min_columns_to_activate_adaptive_write_buffer>${GROWING_BUFFERS_FROM}</min_columns_to_activate_adaptive_write_buffer>
    <merge_selector_base>${MERGE_BASE}</merge_selector_base>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>0</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_mutation>0</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>0</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
</clickhouse>
`;
}

/**
 * `default` is the user of the engine's own session, which starts the listener and then waits on its pipe. It has no password, but
 * that one session is all it may have, so nobody can come in as it; and it may do nothing else.
 */
function usersXml(digest: string): string {
  return `<clickhouse>
  <profiles>
    <default>
      <max_threads>2</max_threads>
      <!-- the server's own 1 GB would leave a query one thread, as all the memory there is allowed to be is little more -->
      <max_threads_min_free_memory_per_thread>200000000</max_threads_min_free_memory_per_thread>
      <max_bytes_before_external_group_by>500000000</max_bytes_before_external_group_by>
      ${['expression', 'aggregate_expression', 'sort_description'].map(compiledLate).join('\n      ')}
    </default>
    <lifeline><max_sessions_for_user>1</max_sessions_for_user></lifeline>
  </profiles>
  <quotas><default></default></quotas>
  <users>
    <${ENGINE_USER}>
      <password_sha256_hex>${digest}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </${ENGINE_USER}>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>lifeline</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
        <query>GRANT READ ON FILE</query>
      </grants>
    </default>
  </users>
</clickhouse>
`;
}

function compiledLate(what: string): string {
  return `<min_count_to_compile_${what}>${RUNS_UNTIL_COMPILED}</min_count_to_compile_${what}>`;
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
