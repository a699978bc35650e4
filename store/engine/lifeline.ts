// Who uses the engine: each user holds a connection to it, which the kernel closes however the user ends.
//
// A user has joined when it was welcomed. The engine's side is one thread, so a welcome is given before the last user was seen to go
// or not at all: whoever was welcomed has an engine until it leaves, and whoever was not starts another.
//   user → engine   the secret, then a line feed
//   engine → user   the port of its HTTP interface, then a line feed
import { createHash, timingSafeEqual } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';

const LOOPBACK = '127.0.0.1';
/** An engine that nobody joins, because what started it was killed, goes after this. */
const FIRST_USER_MS = 15_000;
/** A welcome takes a moment; what takes longer is another program behind the port of an engine that was killed. */
const WELCOME_MS = 5_000;
const MOST_SECRET_BYTES = 256;

/**
 * The engine's side: welcomes users until the last has gone.
 * @returns the port to join at, and a promise that ends with the last user
 */
export async function welcomeUsers(
  secret: string,
  httpPort: number,
): Promise<{ joinPort: number; gone: Promise<void> }> {
  const users = new Set<Socket>();
  let allGone: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    allGone = resolve;
  });
  const server = createServer((socket) => {
    let said = '';
    socket.setEncoding('utf8');
    socket.on('error', () => {}); // 'close' follows
    socket.on('data', (text) => {
      if (users.has(socket)) return;
      said += text;
      if (said.length > MOST_SECRET_BYTES) socket.destroy();
      if (!said.endsWith('\n')) return;
      if (!server.listening || !same(said.trimEnd(), secret)) {
        socket.destroy();
        return;
      }
      users.add(socket);
      clearTimeout(nobodyCame);
      socket.write(`${httpPort}\n`);
    });
    socket.once('close', () => {
      if (users.delete(socket) && users.size === 0) end();
    });
  });
  const nobodyCame = setTimeout(end, FIRST_USER_MS);
  function end(): void {
    server.close();
    allGone();
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, resolve);
  });
  return { joinPort: (server.address() as { port: number }).port, gone };
}

function same(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

export interface Welcome {
  httpPort: number;
  leave: () => void;
}

/** The user's side: joins, or returns undefined where no engine welcomes us. */
export async function joinEngine(port: number, secret: string): Promise<Welcome | undefined> {
  const socket = connect(port, LOOPBACK);
  socket.setEncoding('utf8');
  const httpPort = await new Promise<number>((resolve) => {
    let said = '';
    socket.setTimeout(WELCOME_MS, () => resolve(0));
    socket.once('connect', () => socket.write(`${secret}\n`));
    socket.on('error', () => resolve(0));
    socket.once('close', () => resolve(0));
    socket.on('data', (text) => {
      said += text;
      if (said.endsWith('\n')) resolve(Number(said));
    });
  });
  if (!(httpPort > 0)) {
    socket.destroy();
    return undefined;
  }
  socket.setTimeout(0);
  socket.unref();
  return { httpPort, leave: () => socket.destroy() };
}
