/**
 * What `run` does as root before it becomes a supervisor with three capabilities (P1): everything that needs root's
 * file rights. The same program then begins again without them, and finds here what was made ready.
 */
import { lchown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cluster, prepareCluster, startPrepared } from '../adapters/postgres/cluster/cluster.ts';
import type { PreparedCluster } from '../adapters/postgres/cluster/prepared-cluster.ts';
import type { ServerProcessName } from './commands/deed.ts';
import type { Configuration } from './config/configuration.ts';
import { clusterOptions, startEmbeddedDatabase, startNoted } from './embedded-database.ts';
import { findSystemUser, listensLow } from './plan-processes.ts';
import { keepFewCapabilities } from './supervisor/few-capabilities.ts';
import { withRightsOf } from './with-rights-of.ts';

/** Survives the second beginning; no process of ours is given it (supervisor/spawn-process.ts). */
const preparedVariable = 'EMBARGOD_PREPARED_CLUSTER';

/** Resolves, in a process with few rights, to what starts the embedded database. */
export async function giveUpRights(
  configuration: Configuration,
  only: readonly ServerProcessName[],
): Promise<() => Promise<Cluster>> {
  const separate = configuration.users.mode === 'separate' && process.getuid?.() === 0;
  if (!separate) return () => startEmbeddedDatabase(configuration);
  if (process.env[preparedVariable] === undefined) {
    await handOverCredential(configuration);
    const embedded = configuration.database.kind === 'embedded';
    const prepared = embedded ? await prepareCluster(clusterOptions(configuration)) : undefined;
    process.env[preparedVariable] = JSON.stringify(prepared ?? null);
  }
  keepFewCapabilities({ lowPorts: only.includes('intake') && listensLow(configuration) });
  const prepared: PreparedCluster = JSON.parse(process.env[preparedVariable] ?? 'null');
  return () => startNoted(configuration, () => startPrepared(prepared));
}

/**
 * systemd shows credentials to the service's first user, root, only; the keyholder gets its own copy in memory (/run).
 */
export async function handOverCredential({ passphrase, users }: Configuration): Promise<void> {
  const from = process.env.CREDENTIALS_DIRECTORY;
  if (users.mode === 'shared' || process.getuid?.() !== 0) return;
  const keyholder = findSystemUser(users.keyholder);
  if (passphrase.kind !== 'credential' || from === undefined || keyholder === undefined) return;
  const runtime = process.env.RUNTIME_DIRECTORY ?? '/run/embargod';
  const directory = join(runtime, 'keyholder');
  const file = join(directory, passphrase.name);
  // Apart from each other: a folder made on the way would be closed to the keyholder's user too.
  await mkdir(runtime, { recursive: true, mode: 0o711 });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await lchown(directory, keyholder.uid, keyholder.gid);
  const secret = await readFile(join(from, passphrase.name));
  await withRightsOf(keyholder, async () => {
    await rm(file, { force: true });
    await writeFile(file, secret, { flag: 'wx', mode: 0o400 });
  });
  process.env.CREDENTIALS_DIRECTORY = directory;
}
