/**
 * A PostgreSQL of our own under our supervisor (B3): finds or brings the binaries, makes the data once, runs it on a
 * private unix socket as a user that is not root, adopts one left over from our own kill -9, stops it in good order.
 * Durable unless a test says otherwise; its log carries no content (K3). It hears no signal meant for our group.
 */
import { resolve } from 'node:path';
import { type Authentication, type RoleMapping, writeAccessFiles } from './access-files.ts';
import { takeOwnership } from './cluster-owner.ts';
import { clusterSettings, type Durability } from './cluster-settings.ts';
import { dataMajor, initialiseData, makeClusterDirectory } from './data-directory.ts';
import { chooseDatabaseUser, ownName } from './database-user.ts';
import { usableBinaries } from './embedded-binaries.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { isAlive, runningPostmaster } from './postmaster.ts';
import type { PreparedCluster } from './prepared-cluster.ts';
import { type ServerProcess, watchServer } from './server-process.ts';
import { socketDirectoryFor } from './socket-directory.ts';
import { spawnServer, untilReady } from './start-server.ts';

export type ClusterOptions = Readonly<{
  /** Holds data, log and, if its path is short, the socket. Made when absent. */
  directory: string;
  superuser?: string;
  /** Which operating-system users may be which roles; our own user and root may always be the superuser. */
  mappings?: readonly RoleMapping[];
  authentication?: Authentication;
  durability?: Durability;
  /** The user to run as when we are root; `postgres`, else `nobody`, when not said. */
  osUser?: string;
  /** The cluster dies with the process that started it: for tests, which may be killed. */
  endWithParent?: boolean;
  /** More `-c` settings. */
  settings?: Readonly<Record<string, string>>;
  embeddedOnly?: boolean;
}>;

export type Cluster = Readonly<{
  pid: number;
  /** `host` for pg: there is no port and no password. */
  socketDirectory: string;
  superuser: string;
  /** True when it was running already, left by a killed predecessor of ours. */
  adopted: boolean;
  /** Settles when it ends, for whatever reason. */
  ended: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, the rest is on disk. */
  stop: () => Promise<void>;
}>;

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  return await startPrepared(await prepareCluster(options));
}

/** Folder, binaries, initdb, access files. Needs root's file rights when it runs as root; starts nothing. */
export async function prepareCluster(options: ClusterOptions): Promise<PreparedCluster> {
  const directory = resolve(options.directory);
  const { superuser = 'postgres', durability = 'durable', authentication = 'peer' } = options;
  const user = chooseDatabaseUser(options.osUser);
  await makeClusterDirectory(directory, user);
  const release = await takeOwnership(directory);
  try {
    const major = await dataMajor(directory, user);
    const found = await findPostgresBinaries({ major, embeddedOnly: options.embeddedOnly ?? false });
    const binaries = await usableBinaries(found, user, directory);
    if (major === undefined) await initialiseData({ directory, binaries, user, superuser, durability });
    const socketDirectory = await socketDirectoryFor(directory, user, authentication);
    const ours = ['root', ownName()].map((osUser) => ({ osUser, roles: [superuser] }));
    const mappings = [...ours, ...(options.mappings ?? [])];
    const files = await writeAccessFiles(directory, authentication, mappings);
    const settings = clusterSettings({ socketDirectory, ...files }, durability, options.settings);
    const endWithParent = options.endWithParent ?? false;
    return { directory, binaries, user, superuser, socketDirectory, arguments: settings, endWithParent };
  } finally {
    await release();
  }
}

/** Starts or adopts, and waits until it takes connections. Works with the few capabilities of P1. */
export async function startPrepared(prepared: PreparedCluster): Promise<Cluster> {
  const { directory, superuser, user } = prepared;
  const release = await takeOwnership(directory);
  try {
    const orphan = await runningPostmaster(directory, user);
    // The access files may name new roles: a running server reads them again at SIGHUP.
    if (orphan !== undefined && isAlive(orphan.pid)) process.kill(orphan.pid, 'SIGHUP');
    const server = orphan === undefined ? await spawnServer(prepared) : watchServer(orphan.pid);
    const socketDirectory = orphan?.socketDirectory ?? prepared.socketDirectory;
    await untilReady({ server, socketDirectory, superuser, directory });
    return describe(server, { socketDirectory, superuser, adopted: orphan !== undefined }, release);
  } catch (error) {
    await release();
    throw error;
  }
}

function describe(
  server: ServerProcess,
  facts: Pick<Cluster, 'socketDirectory' | 'superuser' | 'adopted'>,
  release: () => Promise<void>,
): Cluster {
  const ended = server.ended.then(release);
  const stop = async () => {
    await server.stop();
    await ended;
  };
  return { ...facts, pid: server.pid, ended, stop };
}
