// A ClickHouse server for `--clickhouse`, which is an embedded engine spoken to by its address; and a connection to it that can be cut.
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { temporaryDirectory } from './command.ts';

export interface Server {
  db: Connection;
  user: string;
  password: string;
  port: number;
}

export async function startServer(): Promise<Server> {
  const directory = temporaryDirectory();
  const db = await openStore({ directory });
  const { httpPort } = JSON.parse(readFileSync(path.join(directory, 'engine.json'), 'utf8')) as { httpPort: number };
  const password = readFileSync(path.join(directory, 'engine.secret'), 'utf8');
  return { db, user: 'umbrascope', password, port: httpPort };
}

export interface Line {
  port: number;
  /** How often it was cut. */
  cuts(): number;
  close(): void;
}

/** When a line to the server is cut: in the middle of what is sent, or when the server has done it but not yet said so. */
export type Cut = 'sending' | 'answering';

/** A line that is cut at inserts into a table, so many times. */
export async function cutLine(server: number, table: string, cut: Cut, times: number): Promise<Line> {
  let cuts = 0;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(server, '127.0.0.1');
    let inserting = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end);
    }
    client.on('end', () => upstream.end());
    upstream.on('end', () => client.end());
    client.on('data', (bytes) => {
      const head = bytes.toString('latin1');
      if (head.startsWith('POST '))
        inserting = head.includes(`INSERT+INTO+${table}+`) || head.includes(`INSERT%20INTO%20${table}%20`);
      if (inserting && cut === 'sending' && cuts < times) {
        cuts++;
        upstream.write(bytes.subarray(0, bytes.length >> 1), end);
      } else upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (inserting && cut === 'answering' && cuts < times) {
        cuts++;
        end();
      } else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: (proxy.address() as AddressInfo).port,
    cuts: () => cuts,
    close: () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
