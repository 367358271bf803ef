import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../adapters/log/log.ts';
import type { ServerProcessName } from './commands/deed.ts';
import type { Configuration } from './config/configuration.ts';

/**
 * One note for the whole server where the database is ours, as only one supervisor can run that. With a database of
 * yours each process may have a supervisor of its own (contrib/systemd/per-process), and a note.
 */
function notes(
  { directory, database }: Configuration,
  only: readonly ServerProcessName[],
): readonly string[] {
  const names = database.kind === 'embedded' ? ['supervisor'] : only;
  return names.map((name) => join(directory.run, `${name}.pid`));
}

/** Process id of a supervisor in this data directory that runs one of these; undefined when none does. */
export async function runningServer(
  configuration: Configuration,
  any: readonly ServerProcessName[] = ['keyholder'],
): Promise<number | undefined> {
  for (const file of notes(configuration, any)) {
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    if (!Number.isSafeInteger(pid) || pid < 2) continue;
    // A reboot may have given the number to another program; ours has the word in its command line.
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (words.includes('embargod') || words.includes('src/run/main.ts')) return pid;
  }
  return undefined;
}

export async function noteServer(
  configuration: Configuration,
  only: readonly ServerProcessName[],
): Promise<() => Promise<void>> {
  const files = notes(configuration, only);
  try {
    await mkdir(configuration.directory.run, { recursive: true, mode: 0o755 });
    for (const file of files) await writeFile(file, `${process.pid}\n`, { mode: 0o644 });
  } catch (error) {
    // A unit for one process runs as that process's user and writes nowhere; systemd knows that it runs.
    if (!['EACCES', 'EROFS', 'EPERM'].includes(codeOf(error))) throw error;
  }
  return async () => {
    for (const file of files) await rm(file, { force: true }).catch(() => undefined);
  };
}
