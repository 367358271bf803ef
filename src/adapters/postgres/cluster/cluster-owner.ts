import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterProblem } from './cluster-problem.ts';

/**
 * Says which of our processes looks after a cluster, so that a second start neither adopts nor stops what another one
 * runs. A process is its pid and its start time: pids come again.
 */
export async function takeOwnership(directory: string): Promise<() => Promise<void>> {
  const owner = join(directory, 'owner');
  const mine = `${process.pid} ${await startTime(process.pid)}`;
  const draft = `${owner}.${process.pid}`;
  await writeFile(draft, mine);
  try {
    // A link either makes the name or fails: two starts at once cannot both have it.
    while (!(await tryLink(draft, owner))) {
      const other = await readFile(owner, 'utf8').catch(() => '');
      const [pid = '', started = ''] = other.split(' ');
      if (started !== '' && (await startTime(Number(pid))) === started) {
        throw clusterProblem(
          'cluster-in-use',
          `The database in ${directory} is already run by embargod, process ${pid}. Stop that one first: systemctl stop embargod, or kill ${pid}`,
        );
      }
      await rm(owner, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(owner, { force: true });
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Field 22 of /proc/PID/stat, '' when there is no such process. The name before it may hold spaces and brackets. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}
