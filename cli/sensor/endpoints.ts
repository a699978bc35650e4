// The sensor's two addresses for machines, on loopback unless told otherwise: /metrics for Prometheus, /healthz for whoever watches.
import { createServer, type Server } from 'node:http';
import { complaints, type Vitals } from './health.ts';
import type { Log } from './log.ts';
import { ageOf, type Metrics } from './metrics.ts';
import type { LiveRun } from './run.ts';
import type { Sender } from './sender.ts';

export interface Running {
  live: LiveRun;
  sender: Sender;
  flushMs: number;
  mostSpoolBytes: number;
}

/** Another program may have the port: a sensor without metrics is better than none. */
export async function openEndpoints(
  address: string | false,
  metrics: Metrics,
  state: () => Running | undefined,
  log: Log,
): Promise<Server | undefined> {
  if (address === false) return undefined;
  try {
    return await serveEndpoints(address, metrics, state);
  } catch (error) {
    log.warn('metrics not served', { address, reason: (error as Error).message }, 'metrics-not-served');
    return undefined;
  }
}

/**
 * Listens on `host:port`.
 * @throws Error when it cannot
 */
async function serveEndpoints(address: string, metrics: Metrics, state: () => Running | undefined): Promise<Server> {
  const { host, port } = splitAddress(address);
  const server = createServer(async (request, reply) => {
    const { pathname } = new URL(request.url ?? '/', 'http://sensor');
    if (request.method !== 'GET') reply.writeHead(405).end();
    else if (pathname === '/metrics') {
      reply.writeHead(200, { 'content-type': metrics.registry.contentType }).end(await metrics.registry.metrics());
    } else if (pathname === '/healthz') {
      const running = state();
      const reasons = running ? complaints(vitalsOf(running)) : ['it is starting'];
      const body = JSON.stringify({ ok: reasons.length === 0, reasons });
      reply.writeHead(reasons.length === 0 ? 200 : 503, { 'content-type': 'application/json' }).end(`${body}\n`);
    } else reply.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  server.unref();
  return server;
}

/** The last colon stands before the port; an IPv6 address may be in brackets. */
export function splitAddress(address: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

function vitalsOf({ live, sender, flushMs, mostSpoolBytes }: Running): Vitals {
  const { bytes, trouble } = sender.state;
  return {
    sources: live.sensors.flatMap(({ sources }) => sources.map(({ name, state }) => ({ source: name, state }))),
    sinceFlushMs: performance.now() - live.flushed,
    flushMs,
    spoolBytes: bytes,
    mostSpoolBytes,
    spoolAgeMs: ageOf(sender),
    databaseTrouble: trouble,
    diskTrouble: live.sensors.map(({ batches }) => batches.trouble).find((reason) => reason !== undefined),
    lostLately: live.lostLately,
  };
}
