/**
 * `sender`'s own opening key (R3): mail in clear to a reporter waits sealed to it. Made by `init`; the private half is
 * readable by sender's user only, the public half is pinned where the keyholder reads it. It opens nothing else, ever.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openAtRest } from '../adapters/openpgp/private/open-at-rest.ts';
import { readPrivateKey } from '../adapters/openpgp/private/private-key.ts';
import type { OpenSealed } from '../message/deliver/open-permitted.ts';
import type { DataDirectory } from './config/data-directory.ts';
import { ConfigurationError } from './config/read-configuration.ts';

const openToOthers = 0o077;

export function senderKeyFile(directory: DataDirectory): string {
  return join(directory.sender, 'opening.key');
}

/** Reads the key once; what it yields opens in memory. */
export async function openSenderKey(directory: DataDirectory): Promise<OpenSealed> {
  const path = senderKeyFile(directory);
  const key = await readPrivateKey(await readOwnFile(path));
  return (sealed) => openAtRest(sealed, key);
}

async function readOwnFile(path: string): Promise<Uint8Array> {
  try {
    if (((await stat(path)).mode & openToOthers) !== 0) {
      throw new ConfigurationError(`${path} is open to other users of this machine: chmod go= ${path}`);
    }
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ConfigurationError(
      `The sender's key ${path} cannot be read (${code}); \`embargod init\` writes it, so restore it from your backup of the data directory, owned by the sender's user.`,
    );
  }
}
