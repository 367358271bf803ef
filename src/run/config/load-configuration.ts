/**
 * Configuration: one commented `embargod.toml` per data directory, read here and nowhere else.
 * Keys that SIGHUP reloads are marked in `document.ts`; `loadConfiguration` is simply called again.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Configuration } from './configuration.ts';
import { dataDirectory } from './data-directory.ts';
import { ConfigurationError, readConfiguration } from './read-configuration.ts';

/** Throws ConfigurationError, whose message is one clear sentence. */
export async function loadConfiguration(data: string): Promise<Configuration> {
  const directory = dataDirectory(resolve(data));
  return readConfiguration(directory.root, directory.configuration, await readText(directory.configuration));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ConfigurationError(
        `${file} does not exist; name the data directory with --data DIR, or make one with \`embargod init\`.`,
      );
    }
    if (code === 'EACCES') {
      throw new ConfigurationError(
        `${file} may not be read by this user; run the command as root or as its owner.`,
      );
    }
    throw error;
  }
}
