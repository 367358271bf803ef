import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ServerProcessName, serverProcessNames } from './commands/deed.ts';
import type { Configuration } from './config/configuration.ts';
import { entryFileOf } from './plan-processes.ts';

/**
 * Which processes of this data directory run on this machine, whoever supervises them: by their command lines, as a unit
 * for one process writes no note. Root sees all of them.
 */
export async function runningProcesses({
  directory,
}: Configuration): Promise<ReadonlyMap<ServerProcessName, number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = new Map<ServerProcessName, number>();
  for (const pid of pids) {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const name = serverProcessNames.find((one) =>
      words.some((word, i) => basename(word) === entryFileOf[one] && words[i + 1] === directory.root),
    );
    if (name !== undefined) found.set(name, Number(pid));
  }
  return found;
}
