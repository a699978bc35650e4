// What a fault happens to: a sensor under a steady load of SYNs and its database; and the end of it all, where what was sent must equal what
// is stored and what is named as lost.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_USER } from '../../../store/engine/files.ts';
import { storedCounts } from '../../../store/questions/stored.ts';
import { openStore } from '../../../store/store.ts';
import {
  accountOf,
  type Inside,
  program,
  sendSyns,
  startInside,
  startSensorThrough,
  until,
} from '../../live/network.ts';
import { enginePid } from '../command.ts';
import type { DoorMode } from './door.ts';

export interface Load {
  /** Frames a second. */
  rate: number;
  /** How long the fault lasts. */
  seconds: number;
  log: (line: string) => void;
}

export interface Setting {
  /** The database is an engine of its own behind a door, not the sensor's. */
  door?: boolean;
  /** Further arguments of the sensor. */
  args?: readonly string[];
  /** A command that runs it. */
  wrapper?: (directory: string) => readonly string[];
  /** A disk of that size in memory for the spool alone, as mount(8) takes sizes. */
  spoolDisk?: string;
}

/** What the sensor's account and the tables name. */
export interface Losses {
  kernelDropped: number;
  spoolDropped: number;
  clockSteps: number;
}

/** Load before the fault, and behind it. */
const LEAD_SECONDS = 5;
const TAIL_SECONDS = 5;
const DRAIN_MS = 300_000;
const DOOR_PORT = 8123;
const door = path.resolve(import.meta.dirname, 'door.js');

export class Stage {
  readonly load: Load;
  readonly directory = mkdtempSync(path.join(tmpdir(), 'umbrascope-faults-'));
  readonly data = path.join(this.directory, 'data');
  /** Where the sensor keeps its batches. */
  readonly spool = path.join(this.data, 'sensor-spool');
  readonly #setting: Setting;
  readonly #database: string;
  #engine: Inside | undefined;
  #door: Inside | undefined;
  #sensor: Inside | undefined;

  constructor(load: Load, setting: Setting) {
    this.load = load;
    this.#setting = setting;
    this.#database = setting.door ? path.join(this.directory, 'database') : this.data;
    mkdirSync(this.spool, { recursive: true, mode: 0o700 });
    const { spoolDisk } = setting;
    if (spoolDisk)
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${spoolDisk},mode=700`, 'umbrascope-soak', this.spool]);
  }

  /** The sensor's process. */
  get pid(): number {
    return this.#sensor?.child.pid as number;
  }

  /** Has the fault happen under load; returns what was lost, and everything that is not as it should be. */
  async run(fault: () => Promise<void>): Promise<{ losses: Losses; faults: string[] }> {
    const { rate, seconds, log } = this.load;
    const { wrapper = () => [], args = [] } = this.#setting;
    if (this.#setting.door) await this.#openDoor();
    this.#sensor = await startSensorThrough(wrapper(this.directory), this.data, ...args, ...this.#databaseOptions());
    const sending = sendSyns((LEAD_SECONDS + seconds + TAIL_SECONDS) * rate, rate);
    const { sent } = await Promise.all([sending, sleep(LEAD_SECONDS * 1000).then(fault)]).then(
      ([result]) => result,
      async (error: Error) => {
        await sending;
        throw error;
      },
    );
    for (const end = Date.now() + DRAIN_MS; this.batches().length > 0 && Date.now() < end; ) await sleep(500);
    this.#sensor.child.kill('SIGTERM');
    const code = await this.#sensor.ended;
    if (code !== 0) log(this.#sensor.said());
    const { frames = 0, kernelDropped = 0, spoolDropped = 0, balanced } = accountOf(this.#sensor);
    const faults: string[] = [];
    if (code !== 0 || !balanced)
      faults.push(`the sensor ended with ${code}, its account ${JSON.stringify(accountOf(this.#sensor))}`);
    if (frames + kernelDropped !== sent) faults.push(`${sent - frames - kernelDropped} frames are lost and not named`);
    const { clockSteps, faults: others } = await this.#judgeTables(frames, kernelDropped, spoolDropped);
    log(
      `  ${sent} sent = ${frames} read + ${kernelDropped} lost by the kernel; ${spoolDropped} of them lost with the spool`,
    );
    return { losses: { kernelDropped, spoolDropped, clockSteps }, faults: [...faults, ...others] };
  }

  /** Batches in the spool, the oldest first. */
  batches(): string[] {
    const directory = path.join(this.spool, 'sensor=default');
    if (!existsSync(directory)) return [];
    const names = readdirSync(directory).filter((name) => /-\d{8}-\d+(\+\d+)?$/.test(name));
    return names.sort().map((name) => path.join(directory, name));
  }

  /** Tells the door how to behave. */
  async say(mode: DoorMode): Promise<void> {
    this.#door?.child.stdin?.write(`${mode}\n`);
    await until(() => this.#door?.said().trim().endsWith(mode) ?? true);
  }

  async startDatabase(): Promise<void> {
    const engine = startInside(process.execPath, [program, 'engine', 'start', '--data', this.#database]);
    this.#engine = engine;
    if (!(await until(() => engine.said().includes('by HTTP')))) throw new Error(`no engine: ${engine.said()}`);
  }

  /** Ends it, and all who speak to it see their connections break. */
  async stopDatabase(): Promise<void> {
    const address = path.join(this.#database, 'engine.json');
    const { pid } = JSON.parse(readFileSync(address, 'utf8')) as { pid: number };
    this.#engine?.child.kill('SIGTERM');
    await this.#engine?.ended;
    this.#engine = undefined;
    await until(() => !existsSync(`/proc/${pid}`));
  }

  /** Kills the sensor's own engine, as soon as one runs. */
  async killEngine(): Promise<void> {
    const pid = () => enginePid(this.data);
    await until(() => pid() !== undefined);
    process.kill(pid() as number, 'SIGKILL');
    this.load.log('  killed');
  }

  async remove(): Promise<void> {
    this.#sensor?.child.kill('SIGKILL');
    await this.#sensor?.ended;
    this.#door?.child.stdin?.end();
    if (this.#engine) await this.stopDatabase();
    if (this.#setting.spoolDisk) execFileSync('umount', ['-l', this.spool]);
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10 });
  }

  async #openDoor(): Promise<void> {
    await this.startDatabase();
    this.#door = startInside(process.execPath, [door, String(DOOR_PORT), this.#database]);
    const { said } = this.#door;
    if (!(await until(() => said().includes('listening')))) throw new Error(`no door: ${said()}`);
  }

  #databaseOptions(): string[] {
    if (!this.#setting.door) return [];
    const password = readFileSync(path.join(this.#database, 'engine.secret'), 'utf8');
    return ['--clickhouse', `http://${ENGINE_USER}:${password}@127.0.0.1:${DOOR_PORT}`];
  }

  /** The tables hold what was read less what went with the spool, and name all losses. */
  async #judgeTables(frames: number, kernelDropped: number, spoolDropped: number) {
    if (this.#engine) await this.stopDatabase();
    const db = await openStore({ directory: this.#database });
    try {
      const { frames: stored, counted, ...others } = await storedCounts(db, 'default');
      const [row] = await db.query<{ lost: number; clockSteps: number }>(
        'SELECT (SELECT sum(lostPackets) FROM coverage) AS lost, (SELECT sum(clockSteps) FROM captureMinutes) AS clockSteps',
      );
      const faults: string[] = [];
      if (stored !== frames - spoolDropped)
        faults.push(`${frames - spoolDropped} frames should be stored, ${stored} are`);
      const sums = [others.countedOfUnits, others.flows, others.minutes, others.dark];
      if (others.framesOfUnits !== stored || sums.some((sum) => sum !== counted))
        faults.push(`the tables do not agree: ${JSON.stringify({ stored, counted, ...others })}`);
      if (row?.lost !== kernelDropped + spoolDropped)
        faults.push(`coverage names ${row?.lost} lost frames, the account ${kernelDropped + spoolDropped}`);
      return { clockSteps: row?.clockSteps ?? 0, faults };
    } finally {
      await db.close();
    }
  }
}
