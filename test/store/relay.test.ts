// One user of the engine that is killed in the middle of a request does not end it for the others.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Server, startServer } from '../setup/server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.db.close());

async function dying(query: string, bodyBytes: number, sent: number): Promise<void> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  const login = Buffer.from(`${server.user}:${server.password}`).toString('base64');
  socket.write(
    `POST /?query=${encodeURIComponent(query)} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${login}\r\nContent-Length: ${bodyBytes}\r\n\r\n`,
  );
  socket.write(Buffer.alloc(sent, '1\n'));
  await sleep(100);
  socket.resetAndDestroy();
}

it('the engine outlives users that go while they send, while it works, and while it answers', async () => {
  for (let round = 0; round < 3; round++) {
    await dying('INSERT INTO umbrascope.schema FORMAT Native', 1_000_000, 500_000);
    await dying('SELECT sleep(0.3)', 0, 0);
    await dying('SELECT number FROM numbers(30000000)', 0, 0);
  }
  await sleep(500);
  expect(await server.db.query('SELECT max(version) AS version FROM schema')).toEqual([
    { version: expect.any(Number) },
  ]);
});
