// A server behind TLS, with a certificate of an authority of the test's own. Made by openssl; where it is missing, tests say so and skip.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import path from 'node:path';
import { createServer } from 'node:tls';
import { temporaryDirectory } from './command.ts';

export const haveOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!haveOpenssl) console.warn('skipped: no openssl to make certificates with');

export interface Tls {
  port: number;
  /** The authority's certificate. */
  ca: string;
  close(): void;
}

/** Speaks TLS and hands what it hears to a port. */
export async function tlsTo(port: number): Promise<Tls> {
  const directory = temporaryDirectory();
  const file = (name: string) => path.join(directory, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1'];
  openssl('req', '-x509', ...key, ...signed, '-keyout', 'server.key', '-out', 'server.pem', '-subj', '/CN=server');
  const options = { key: readFileSync(file('server.key')), cert: readFileSync(file('server.pem')) };
  const server = createServer(options, (client) => {
    const upstream = connect(port, '127.0.0.1');
    client.pipe(upstream).pipe(client);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  server.on('tlsClientError', () => {}); // the client says what is wrong
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, ca: file('ca.pem'), close: () => server.close() };
}
