/**
 * Listens in on every connection of our processes to PostgreSQL: a socket between them that passes each byte on and
 * keeps it, both ways. Never compressed or encrypted there, so what it hears is all that there is (K3).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabasePair } from './database-pair.ts';

export type Heard = Readonly<{
  /** `embargod_intake`, as the startup message says (protocol 3.0, "StartupMessage"). */
  role: string;
  database: string;
  /** To the database, and from it. */
  said: Buffer;
  answered: Buffer;
}>;

export type DatabaseTap = Readonly<{
  /** The same databases, for processes: through the tap. The superuser's own way stays as it is. */
  between: (databases: DatabasePair) => DatabasePair;
  heard: () => readonly Heard[];
  close: () => Promise<void>;
}>;

const socketName = '.s.PGSQL.5432';

export async function tapDatabases(): Promise<DatabaseTap> {
  const directory = await mkdtemp(join(tmpdir(), 'tap-'));
  const connections: Readonly<{ said: Buffer[]; answered: Buffer[] }>[] = [];
  const sockets = new Set<Socket>();
  let server: string | undefined;
  const tap = createServer((client) => {
    const target = connect(join(server ?? '', socketName));
    const connection = { said: [] as Buffer[], answered: [] as Buffer[] };
    connections.push(connection);
    pass(client, target, connection.said);
    pass(target, client, connection.answered);
    for (const socket of [client, target]) sockets.add(socket);
  });
  await new Promise<void>((resolve) => tap.listen(join(directory, socketName), resolve));
  return {
    between: (databases) => {
      server = String(databases.superuser('private').host);
      return { ...databases, as: (role, which) => ({ ...databases.as(role, which), host: directory }) };
    },
    heard: () =>
      connections.map(({ said, answered }) => {
        const [first, second] = [Buffer.concat(said), Buffer.concat(answered)];
        return { ...startupOf(first), said: first, answered: second };
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => tap.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function pass(from: Socket, to: Socket, kept: Buffer[]): void {
  from.on('data', (chunk: Buffer) => {
    kept.push(chunk);
    if (!to.write(chunk)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end()).on('error', () => to.destroy());
}

/** Names and values, each closed by NUL, behind length and version. */
function startupOf(said: Buffer): Readonly<{ role: string; database: string }> {
  const words = said
    .subarray(8, said.length < 4 ? 8 : said.readInt32BE(0))
    .toString()
    .split('\0');
  const of = (name: string) => words[words.indexOf(name) + 1] ?? '';
  return { role: of('user'), database: of('database') };
}
