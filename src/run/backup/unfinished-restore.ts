import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Configuration } from '../config/configuration.ts';
import { ConfigurationError } from '../config/read-configuration.ts';

/** There while a restore is between its first commit and its last word. */
export function restoreMarker({ directory }: Configuration): string {
  return join(directory.root, 'restore-unfinished');
}

/** What half a restore left is nothing to start from: one database may be new and the other old. */
export async function refuseUnfinishedRestore(configuration: Configuration): Promise<void> {
  const file = await readFile(restoreMarker(configuration), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (file === undefined) return;
  throw new ConfigurationError(
    `A restore was begun here and did not end. Run it again: embargod restore from ${file.trim()}`,
  );
}
