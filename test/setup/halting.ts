// A line to a server that halts at the first insert into a table until something was done; then it goes on as if nothing had been.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface HaltingLine {
  port: number;
  /** Something was done. */
  halted(): boolean;
  close(): void;
}

/**
 * @param work what is done while the insert has not reached the server
 * @param anew the insert then goes over a new connection: the server may be another since
 */
export async function haltingLine(
  server: number,
  table: string,
  work: () => Promise<void>,
  anew: boolean,
): Promise<HaltingLine> {
  let halted = false;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    let upstream: Socket;
    const open = () => {
      const opened = connect(server, '127.0.0.1');
      upstream = opened;
      sockets.add(opened);
      opened.pipe(client, { end: false });
      opened.on('error', () => {}); // 'close' follows
      opened.on('close', () => {
        if (opened === upstream && !(halting && anew)) client.destroy();
      });
    };
    let halting = false;
    open();
    sockets.add(client);
    client.on('error', () => upstream.destroy());
    let before: Promise<void> = Promise.resolve();
    client.on('data', (bytes) => {
      const isInsert = new RegExp(`INSERT(\\+|%20| )INTO(\\+|%20| )${table}\\b`).test(bytes.toString('latin1'));
      if (isInsert && !halted) {
        halted = true;
        halting = true;
        before = before.then(work).then(() => {
          if (anew) open();
          halting = false;
        });
      }
      before = before.then(() => {
        upstream.write(bytes);
      });
    });
    client.on('end', () => before.then(() => upstream.end()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: (proxy.address() as AddressInfo).port,
    halted: () => halted,
    close: () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
