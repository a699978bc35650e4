// Stands between users and the engine's HTTP port. The engine (`clickhouse local`, 26.7) aborts as a whole when it answers to a
// connection that is gone ("Terminate called for uncaught exception … Broken pipe"), so one user that is killed would end it for
// all. Here a user that goes is only heard to have nothing more to say, and what is still answered is read and dropped.
import { type AddressInfo, connect, createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** @returns the port that users connect to, and what ends it */
export async function relayTo(enginePort: number): Promise<{ port: number; close: () => void }> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (user) => {
    const engine = connect({ port: enginePort, host: LOOPBACK, allowHalfOpen: true, noDelay: true });
    user.pipe(engine);
    engine.pipe(user);
    user.on('error', () => {}); // 'close' follows, as of the engine's
    engine.on('error', () => {});
    user.once('close', () => {
      engine.end();
      engine.unpipe(user).resume();
    });
    engine.once('close', () => user.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
