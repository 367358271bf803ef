/**
 * A real PostgreSQL for tests: the run's own, which `npm test` starts once and names in EMBARGOD_TEST_CLUSTER, or one
 * for this process when a test file is run by itself. Throw-away (no fsync), roles free to make, gone at the end.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '../../src/adapters/postgres/cluster/cluster.ts';

export const testClusterVariable = 'EMBARGOD_TEST_CLUSTER';

/** As `pg` takes it; any role may connect (`trust`), since only root or our own user can enter the folder. */
export type SuperuserConnection = Readonly<{ host: string; user: string; database: string }>;

export type TestCluster = Readonly<{ socketDirectory: string; superuser: SuperuserConnection }>;

let ours: Promise<TestCluster> | undefined;

/** The run's cluster, or this process's own; it ends with the process. */
export function testCluster(): Promise<TestCluster> {
  const shared = process.env[testClusterVariable];
  if (shared !== undefined && shared !== '') return Promise.resolve(describe(shared));
  ours ??= startOwn();
  return ours;
}

/** Starts one for a whole run; `stop` also removes it. Killed with us, should we be killed. */
export async function startTestCluster(): Promise<TestCluster & Readonly<{ stop: () => Promise<void> }>> {
  const directory = await mkdtemp(join(tmpdir(), 'embargod-db-'));
  // PostgreSQL may run as another user, which has to walk through.
  await chmod(directory, 0o711);
  const cluster = await startCluster({
    directory: join(directory, 'c'),
    authentication: 'trust',
    durability: 'disposable',
    endWithParent: true,
    settings: { max_connections: '300' },
  });
  removeWhenGone(cluster.pid, directory);
  const stop = async () => {
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return { ...describe(cluster.socketDirectory), stop };
}

async function startOwn(): Promise<TestCluster> {
  const { socketDirectory, superuser } = await startTestCluster();
  return { socketDirectory, superuser };
}

function describe(socketDirectory: string): TestCluster {
  return { socketDirectory, superuser: { host: socketDirectory, user: 'postgres', database: 'postgres' } };
}

/** In a process of its own, so that a test run killed in the middle leaves nothing behind either. */
function removeWhenGone(pid: number, directory: string): void {
  const script = 'tail --pid="$1" -f /dev/null; rm -rf -- "$2"';
  const args = ['-c', script, 'sh', String(pid), directory];
  spawn('/bin/sh', args, { cwd: '/', detached: true, stdio: 'ignore' }).unref();
}
