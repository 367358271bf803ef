/** The embedded database of one data directory: which system users are which roles, and where its socket is. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { type Cluster, type ClusterOptions, startCluster } from '../adapters/postgres/cluster/cluster.ts';
import { ownName } from '../adapters/postgres/cluster/database-user.ts';
import { processRoles, roleName } from '../adapters/postgres/names.ts';
import type { Configuration } from './config/configuration.ts';
import { databaseNames, socketNote } from './config/database-access.ts';

export function clusterOptions(configuration: Configuration): ClusterOptions {
  const { directory, users } = configuration;
  const shared: ClusterOptions = {
    directory: directory.postgres,
    mappings: mappings(configuration),
  };
  // A demo run by root borrows `postgres` or `nobody`; production names a user of its own.
  return users.mode === 'separate' ? { ...shared, osUser: users.database } : shared;
}

function mappings(configuration: Configuration): NonNullable<ClusterOptions['mappings']> {
  const { users } = configuration;
  const role = (name: Parameters<typeof roleName>[1]) =>
    roleName(databaseNames(configuration).rolePrefix, name);
  if (users.mode === 'shared') return [{ osUser: ownName(), roles: processRoles.map(role) }];
  return [
    // Root may become any of them anyway; the command line is the operator's.
    { osUser: 'root', roles: [role('operator')] },
    { osUser: users.intake, roles: [role('intake')] },
    { osUser: users.keyholder, roles: [role('keyholder')] },
    { osUser: users.sender, roles: [role('sender')] },
    { osUser: users.publicKeeper, roles: [role('public_keeper')] },
    { osUser: users.publicSite, roles: [role('public_site')] },
  ];
}

/** Starts it, or adopts it from a killed predecessor, and notes where it is for the other processes. */
export function startEmbeddedDatabase(configuration: Configuration): Promise<Cluster> {
  return startNoted(configuration, () => startCluster(clusterOptions(configuration)));
}

export async function startNoted(
  configuration: Configuration,
  start: () => Promise<Cluster>,
): Promise<Cluster> {
  const cluster = await start();
  await noteSocket(configuration, cluster.socketDirectory);
  return {
    ...cluster,
    stop: async () => {
      await rm(socketNote(configuration), { force: true });
      await cluster.stop();
    },
  };
}

/** Readable by every process: it is a place, not a secret. */
export async function noteSocket(configuration: Configuration, socketDirectory: string): Promise<void> {
  await mkdir(configuration.directory.run, { recursive: true, mode: 0o755 });
  await writeFile(socketNote(configuration), `${socketDirectory}\n`, { mode: 0o644 });
}
