import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { clusterProblem } from './cluster-problem.ts';
import { lastLines } from './data-directory.ts';
import { databaseEnvironment, idsOf } from './database-user.ts';
import type { PreparedCluster } from './prepared-cluster.ts';
import { childServer, type ServerProcess } from './server-process.ts';

/** Recovery after a power cut may replay a lot; a server that ends is noticed at once, whatever this says. */
const readyPatience = 120_000;
const readyLookInterval = 40;

/** Its own session, so that Ctrl-C reaches our processes first and the database last (B3). */
export async function spawnServer(prepared: PreparedCluster): Promise<ServerProcess> {
  const { directory, binaries, user } = prepared;
  const log = await open(join(directory, 'postgresql.log'), 'a', 0o600);
  const server = [join(binaries.directory, 'postgres'), '-D', join(directory, 'data'), ...prepared.arguments];
  const command = prepared.endWithParent
    ? ['/usr/bin/setpriv', '--pdeathsig', 'QUIT', '--', ...server]
    : server;
  try {
    const [file = '', ...args] = command;
    const child = spawn(file, args, {
      cwd: '/',
      env: { ...databaseEnvironment },
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      ...idsOf(user),
    });
    await once(child, 'spawn');
    // The database alone is no reason for our process to stay.
    child.unref();
    return childServer(child, child.pid ?? 0);
  } finally {
    await log.close();
  }
}

export type Readiness = Readonly<{
  server: ServerProcess;
  socketDirectory: string;
  superuser: string;
  directory: string;
}>;

/** Resolves when connections are taken; throws, with the log's last lines, when the server ends instead. */
export async function untilReady(readiness: Readiness): Promise<void> {
  const { server, socketDirectory, superuser, directory } = readiness;
  let ended = false;
  const end = server.ended.then(() => {
    ended = true;
  });
  const looks = Math.ceil(readyPatience / readyLookInterval);
  for (let look = 0; look < looks && !ended; look += 1) {
    if (await takesConnections(socketDirectory, superuser)) return;
    await Promise.race([end, delay(readyLookInterval)]);
  }
  const log = await readFile(join(directory, 'postgresql.log'), 'utf8').catch(() => '');
  if (!ended) await server.stop();
  throw clusterProblem(
    'start-failed',
    `PostgreSQL did not start in ${directory}. Its log ends: ${lastLines(log)}`,
  );
}

/** A refusal to log us in is an answer too: only "starting up" (57P03) and a missing socket are not. */
async function takesConnections(host: string, user: string): Promise<boolean> {
  const client = new pg.Client({ host, user, database: 'postgres', connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code.startsWith('28');
  }
}
