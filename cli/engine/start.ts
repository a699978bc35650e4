// `umbrascope engine start` and `stop`: the embedded engine kept up between commands, and ended.
import { closeSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { type DataFiles, dataFiles, ENGINE_USER, readSecret } from '../../store/engine/files.ts';
import { tryLock } from '../../store/engine/libc.ts';
import { joinEngine } from '../../store/engine/lifeline.ts';
import { openStore } from '../../store/store.ts';
import { run } from '../failures.ts';
import { dataOption } from '../options.ts';

export interface EngineAddress {
  joinPort: number;
  httpPort: number;
  pid: number;
}

export function startCommand(): Command {
  return new Command('start')
    .description('keep the embedded engine up until Ctrl-C, so that commands find it running')
    .addOption(dataOption())
    .action(({ data }: { data: string }) => run(() => start(data)));
}

export function stopCommand(): Command {
  return new Command('stop')
    .description('end the embedded engine, whoever uses it')
    .addOption(dataOption())
    .option('--force', 'though an ingest runs: it ends with an error and is to be given again')
    .action(({ data, force }: { data: string; force?: boolean }) => run(() => stop(dataFiles(data), force ?? false)));
}

async function start(data: string): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const db = await openStore({ directory: data });
  const files = dataFiles(data);
  const address = await runningEngine(files);
  const lines = [
    `the engine runs on ${files.directory}  (Ctrl-C lets go of it; it ends with the last command that uses it)`,
    `  commands   umbrascope … --data ${files.directory}`,
    `  by HTTP    http://127.0.0.1:${address?.httpPort}, user ${ENGINE_USER}, password in ${files.secret}`,
    `  SQL        umbrascope engine shell --data ${files.directory}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  const awake = setInterval(() => {}, 60_000); // the connection to the engine alone keeps no process up
  try {
    await Promise.race([stopped, gone(files)]);
    if (!(await runningEngine(files))) throw new Error(`the engine on ${files.directory} was ended by another`);
  } finally {
    clearInterval(awake);
    await db.close();
  }
}

async function gone(files: DataFiles): Promise<void> {
  while (await runningEngine(files)) await sleep(LOOK_MS);
}

async function stop(files: DataFiles, force: boolean): Promise<void> {
  const address = await runningEngine(files);
  if (address === undefined) {
    process.stdout.write(`no engine runs on ${files.directory}\n`);
    return;
  }
  if (!force && existsSync(files.ingestLock) && isHeld(files.ingestLock))
    throw new Error(`an ingest runs in ${files.directory}: wait for its end, or give --force`);
  process.kill(address.pid, 'SIGTERM');
  for (let waited = 0; isHeld(files.engineLock); waited += POLL_MS) {
    if (waited > STOP_MS) throw new Error(`the engine on ${files.directory} (process ${address.pid}) does not end`);
    await sleep(POLL_MS);
  }
  process.stdout.write(`the engine on ${files.directory} has ended\n`);
}

const LOOK_MS = 2_000;
const POLL_MS = 25;
const STOP_MS = 30_000;

/** Where it is to be found, once it has answered: a file that a killed engine left says nothing. */
export async function runningEngine(files: DataFiles): Promise<EngineAddress | undefined> {
  let address: EngineAddress;
  try {
    address = JSON.parse(readFileSync(files.address, 'utf8')) as EngineAddress;
  } catch {
    return undefined;
  }
  const welcome = await joinEngine(address.joinPort, readSecret(files));
  welcome?.leave();
  return welcome && address;
}

function isHeld(file: string): boolean {
  const lock = tryLock(file);
  if (lock === undefined) return true;
  closeSync(lock);
  return false;
}
