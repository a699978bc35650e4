// Long trials of a live sensor on an interface of its own: steady load for half an hour, and kill -9 again and again.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { storedCounts } from '../../store/questions/stored.ts';
import { openStore } from '../../store/store.ts';
import { accountOf, makeNetwork, removeNetwork, sendSyns, startSensor } from '../live/network.ts';
import { enginePid } from './command.ts';

interface Plan {
  rate: number;
  log: (line: string) => void;
}

const MINUTE_MS = 60_000;
const SAMPLES = 30;

/** Of the sensor, and of its database. */
interface Sample {
  megabytes: number;
  files: number;
  databaseMegabytes: number;
  databaseFiles: number;
}

/** From the first part of the time to its end each may grow by so much. The database's caches fill up, and it is told how much it may take. */
const FLAT: Record<keyof Sample, number> = { megabytes: 1.25, files: 1.25, databaseMegabytes: 2, databaseFiles: 2 };
const SENDING_SECONDS = 6;
const FLUSH_SECONDS = 1;
/** A flush is asked for, counted and written: what a kill may cost beyond the interval. */
const SLACK_SECONDS = 1.5;

/** Everything that is not as it should be. */
export async function sensorSoak({ minutes, rate, log }: Plan & { minutes: number }): Promise<string[]> {
  return await onNetwork(async (data) => {
    const faults: string[] = [];
    const sensor = await startSensor(data);
    const pid = sensor.child.pid as number;
    const samples: Sample[] = [];
    const sampling = setInterval(
      () => {
        samples.push(sampleOf(pid, enginePid(data)));
        log(
          `${samples.length} · ${Object.entries(samples.at(-1) as Sample)
            .map(([what, value]) => `${value} ${what}`)
            .join(', ')}`,
        );
      },
      (minutes * MINUTE_MS) / SAMPLES,
    );
    const { sent } = await sendSyns(Math.round(minutes * 60 * rate), rate);
    clearInterval(sampling);
    sensor.child.kill('SIGTERM');
    if ((await sensor.ended) !== 0) faults.push(`the sensor failed: ${sensor.said()}`);
    const { frames = 0, kernelDropped = 0, spooled = 0 } = accountOf(sensor);
    log(`${sent} sent, ${frames} counted, ${kernelDropped} lost by the kernel`);
    if (frames + kernelDropped !== sent) faults.push(`${sent - frames - kernelDropped} frames are lost and not named`);
    if (spooled > 0) faults.push(`${spooled} frames are not in the database`);
    const [early, late] = [samples.slice(3, 10), samples.slice(-5)];
    for (const [what, flat] of Object.entries(FLAT) as [keyof Sample, number][]) {
      const most = (some: readonly Sample[]) => Math.max(...some.map((sample) => sample[what]));
      log(`${what}: at most ${most(early)} early, ${most(late)} at the end`);
      if (most(late) > flat * most(early)) faults.push(`${what} grew from ${most(early)} to ${most(late)}`);
    }
    return faults;
  });
}

export async function sensorKills({ kills, rate, log }: Plan & { kills: number }): Promise<string[]> {
  return await onNetwork(async (data) => {
    const faults: string[] = [];
    let sent = 0;
    /** Seconds of sending before the kills. */
    let heard = 0;
    for (let kill = 1; kill <= kills; kill++) {
      const sensor = await startSensor(data, '--flush', `${FLUSH_SECONDS}s`);
      const sending = sendSyns(SENDING_SECONDS * rate, rate);
      const seconds = 0.5 + Math.random() * SENDING_SECONDS;
      await sleep(seconds * 1000);
      sensor.child.kill('SIGKILL');
      heard += Math.min(seconds, SENDING_SECONDS);
      sent += (await sending).sent;
      await sensor.ended;
      log(`kill ${kill} of ${kills}`);
    }
    const last = await startSensor(data);
    last.child.kill('SIGTERM');
    if ((await last.ended) !== 0) faults.push(`the last sensor failed: ${last.said()}`);
    const db = await openStore({ directory: data });
    try {
      const { frames, counted, ...others } = await storedCounts(db, 'default');
      const sums = [others.countedOfUnits, others.flows, others.minutes, others.dark];
      if (others.framesOfUnits !== frames || sums.some((sum) => sum !== counted))
        faults.push(`the tables do not agree: ${JSON.stringify({ frames, counted, ...others })}`);
      const [row] = await db.query<{ seconds: number }>('SELECT sum(observedSeconds) AS seconds FROM coverage');
      const observed = row?.seconds ?? 0;
      log(`${sent} sent, ${Math.round(heard)} s of sending before kills; ${frames} counted, ${observed} s observed`);
      if (frames > sent) faults.push(`${frames - sent} frames are counted twice`);
      const mayMiss = kills * (FLUSH_SECONDS + SLACK_SECONDS);
      if (frames < (heard - mayMiss) * rate) faults.push(`${Math.round(heard * rate - frames)} frames are missing`);
      if (observed < heard - mayMiss) faults.push(`${Math.round(heard - observed)} seconds are missing`);
      return faults;
    } finally {
      await db.close();
    }
  });
}

async function onNetwork(trial: (data: string) => Promise<string[]>): Promise<string[]> {
  const trouble = makeNetwork();
  if (trouble) throw new Error(`no network namespace can be made: ${trouble}`);
  const data = mkdtempSync(path.join(tmpdir(), 'umbrascope-soak-'));
  try {
    return await trial(data);
  } finally {
    removeNetwork();
    rmSync(data, { recursive: true, force: true, maxRetries: 10 });
  }
}

function sampleOf(pid: number, engine: number | undefined): Sample {
  const files = (process: number) => readdirSync(`/proc/${process}/fd`).length;
  return {
    megabytes: residentMegabytes(pid),
    files: files(pid),
    databaseMegabytes: engine ? residentMegabytes(engine) : 0,
    databaseFiles: engine ? files(engine) : 0,
  };
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1000);
}
