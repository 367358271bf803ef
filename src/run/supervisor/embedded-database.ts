import type { Cluster } from '../../adapters/postgres/cluster/cluster.ts';
import type { Running } from './keep-running.ts';

/** A database cluster as the supervisor keeps it: started again when it dies, its access files read anew at SIGHUP. */
export async function embeddedDatabase(start: () => Promise<Cluster>): Promise<Running> {
  const cluster = await start();
  return {
    pid: cluster.pid,
    ready: Promise.resolve({ socketDirectory: cluster.socketDirectory }),
    ended: cluster.ended.then(() => 'the server ended'),
    stop: cluster.stop,
    reload: () => process.kill(cluster.pid, 'SIGHUP'),
  };
}
