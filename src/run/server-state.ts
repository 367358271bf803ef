import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Configuration } from './config/configuration.ts';

function file(configuration: Configuration): string {
  return join(configuration.directory.run, 'supervisor.pid');
}

/** Process id of the running server of this data directory; undefined when none runs. */
export async function runningServer(configuration: Configuration): Promise<number | undefined> {
  const pid = Number(await readFile(file(configuration), 'utf8').catch(() => ''));
  if (!Number.isSafeInteger(pid) || pid < 2) return undefined;
  // A reboot may have given the number to another program; ours has the word in its command line.
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return words.includes('embargod') || words.includes('src/run/main.ts') ? pid : undefined;
}

export async function noteServer(configuration: Configuration): Promise<() => Promise<void>> {
  await mkdir(configuration.directory.run, { recursive: true, mode: 0o755 });
  await writeFile(file(configuration), `${process.pid}\n`, { mode: 0o644 });
  return () => rm(file(configuration), { force: true });
}
