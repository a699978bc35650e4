// Makes the app listen; kept apart from the app so that tests need no socket.
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

export interface Listen {
  host: string;
  /** 0 takes any free port. */
  port: number;
}

/** Listens and returns the address to open in a browser; `app.close()` stops it. */
export async function startServer(app: FastifyInstance, { host, port }: Listen): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new Error(`cannot listen on ${host} port ${port}: ${reason(error)}`, { cause: error });
  }
  const address = app.server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${address.port}/`;
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'another program is using it';
  if (code === 'EACCES') return 'it takes more rights (ports below 1024 do)';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine has no such address';
  return message;
}
