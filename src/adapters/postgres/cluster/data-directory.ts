import { chmod, chown, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterProblem } from './cluster-problem.ts';
import type { Durability } from './cluster-settings.ts';
import { canTraverse, type DatabaseUser, runAs } from './database-user.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

/** Makes the cluster's folder, open to walk through for the user that PostgreSQL runs as, and for nobody to list. */
export async function makeClusterDirectory(directory: string, user: DatabaseUser): Promise<void> {
  const made = await mkdir(directory, { recursive: true });
  if (made !== undefined) await chmod(directory, user.uid === undefined ? 0o700 : 0o711);
  if (await canTraverse(user, directory)) return;
  if (made !== undefined) await rm(directory, { recursive: true, force: true });
  throw clusterProblem(
    'data-path-not-traversable',
    `PostgreSQL runs as ${user.name} here (it refuses root), and ${user.name} cannot reach ${directory}. ` +
      'Choose a data directory whose parents let others walk through, such as one under /var/lib, ' +
      'or start embargod as an ordinary user.',
  );
}

/** The major version that made the data; undefined when there is none yet. */
export async function dataMajor(directory: string, user: DatabaseUser): Promise<number | undefined> {
  const path = join(directory, 'data', 'PG_VERSION');
  const text =
    user.uid === undefined
      ? await readFile(path, 'utf8').catch(() => '')
      : (await runAs(user, '/bin/cat', [path])).stdout;
  const major = Number.parseInt(text, 10);
  return Number.isNaN(major) ? undefined : major;
}

export type Initialisation = Readonly<{
  directory: string;
  binaries: PostgresBinaries;
  user: DatabaseUser;
  superuser: string;
  durability: Durability;
}>;

/** Runs initdb in a folder that takes its name only when complete, so that a kill half-way is no broken cluster. */
export async function initialiseData(options: Initialisation): Promise<void> {
  const { directory, binaries, user } = options;
  const unfinished = join(directory, 'data.new');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) await chown(unfinished, user.uid, user.gid);
  const ran = await runAs(user, join(binaries.directory, 'initdb'), [
    `--pgdata=${unfinished}`,
    `--username=${options.superuser}`,
    '--encoding=UTF8',
    '--data-checksums',
    '--auth=peer',
    '--no-instructions',
    ...localeArguments(binaries.major),
    ...(options.durability === 'durable' ? [] : ['--no-sync']),
  ]);
  if (ran.code !== 0) {
    await rm(unfinished, { recursive: true, force: true });
    throw clusterProblem('initdb-failed', `initdb could not make the database: ${lastLines(ran.stderr)}`);
  }
  await rename(unfinished, join(directory, 'data'));
}

/** Byte order with Unicode's letters, the same on every machine: an index must survive a system upgrade. */
function localeArguments(major: number): readonly string[] {
  return major >= 17
    ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    : ['--locale=C.UTF-8', '--lc-messages=C'];
}

export function lastLines(text: string): string {
  return text.trim().split('\n').slice(-4).join(' · ');
}
