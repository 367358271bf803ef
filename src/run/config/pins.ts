/** Public halves that processes check signatures with: root-owned files, written by `init` (P7). */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataDirectory } from './data-directory.ts';
import { ConfigurationError } from './read-configuration.ts';

/**
 * `statement`: 32 raw bytes, Ed25519, what intake and sender check the keyholder's rows with. `operator` and `keyholder`:
 * binary OpenPGP certificates, for requests and their answers. `sender`: the same, what mail in clear is sealed to (R3).
 */
export type PinName = 'statement' | 'operator' | 'keyholder' | 'sender';

export async function readPin(directory: DataDirectory, name: PinName): Promise<Uint8Array> {
  const path = join(directory.pins, name);
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ConfigurationError(
      `${path} cannot be read (${code}); \`embargod init\` writes it, so restore it from your backup of the data directory.`,
    );
  }
}

/** Other keys have been imported: the data directory becomes another installation. */
export async function replacePin(directory: DataDirectory, name: PinName, bytes: Uint8Array): Promise<void> {
  const fresh = join(directory.pins, `.${name}.new`);
  await writeFile(fresh, bytes, { mode: 0o644 });
  await rename(fresh, join(directory.pins, name));
}

/** Never replaces one: another key would be another installation. */
export async function writePin(directory: DataDirectory, name: PinName, bytes: Uint8Array): Promise<void> {
  await writeFile(join(directory.pins, name), bytes, { flag: 'wx', mode: 0o644 });
}
