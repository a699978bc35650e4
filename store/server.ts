// A ClickHouse server as a user names it: address, user, password, database and the authority behind its certificate; and how old it may be.
import { readFileSync } from 'node:fs';
import { type Connection, type ConnectionConfig, DATABASE } from './database.ts';
import { UsageError } from './usage-error.ts';

export interface ServerOptions {
  /** http(s)://user:password@host:port/database; what is left out is looked for in CLICKHOUSE_USER and CLICKHOUSE_PASSWORD. */
  url: string;
  database?: string | undefined;
  /** File with the certificate of the authority that signed the server's own, as PEM. */
  ca?: string | undefined;
}

/** The oldest server that knows all we ask of it: the statements were written for the analyzer that is the default since 24.3. */
export const OLDEST_SERVER: readonly [number, number] = [24, 8];

/** @throws UsageError that never shows the password */
export function serverConfig({ url, database, ca }: ServerOptions): ConnectionConfig & { database: string } {
  const { username, password, protocol, host, pathname, search, hash } = parsedUrl(url);
  if (search || hash)
    throw new UsageError(`--clickhouse: nothing may follow the name of the database in ${host}${pathname}`);
  const inUrl = decoded(pathname.replace(/^\//, '').replace(/\/$/, ''));
  if (inUrl && database && inUrl !== database)
    throw new UsageError(`--clickhouse names the database ${inUrl}, --database ${database}: give one of them`);
  if (ca && protocol !== 'https:') throw new UsageError(`--ca is for https: ${host} is spoken to in plain http`);
  return {
    url: `${protocol}//${host}`,
    user: decoded(username) || process.env.CLICKHOUSE_USER || 'default',
    password: decoded(password) || process.env.CLICKHOUSE_PASSWORD || '',
    database: checkedDatabase(inUrl || database || DATABASE),
    ...(ca ? { ca: certificates(ca) } : {}),
  };
}

function parsedUrl(url: string): URL {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url);
  const shown = url.slice(url.lastIndexOf('@') + 1);
  throw new UsageError(`--clickhouse ${shown}: not an address such as http://user:password@host:8123`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError('--clickhouse: a % in user, password or database is written %25');
  }
}

/** Letters, digits and _ only: such a name is never quoted. */
export function checkedDatabase(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) return name;
  throw new UsageError(`database ${name}: a name has letters, digits and _ only`);
}

function certificates(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca ${file}: ${(error as Error).message}`);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new UsageError(`--ca ${file}: no certificate in PEM form`);
  return text;
}

/** @throws Error for a server that lacks what we need, before anything is asked of it */
export async function checkServerVersion(db: Connection, place: string): Promise<void> {
  const [row] = await db.query<{ version: string }>('SELECT version() AS version');
  const trouble = versionTrouble(row?.version ?? '');
  if (trouble) throw new Error(`${place} ${trouble}`);
}

/** What is wrong with a server of this version, if anything is. */
export function versionTrouble(version: string): string | undefined {
  const [year = 0, month = 0] = version.split('.').map(Number);
  const [oldestYear, oldestMonth] = OLDEST_SERVER;
  if (year > oldestYear || (year === oldestYear && month >= oldestMonth)) return undefined;
  return `is ClickHouse ${version}: umbrascope needs ${OLDEST_SERVER.join('.')} or later`;
}
