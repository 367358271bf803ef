/**
 * Files that only the keyholder's uid may read. A file appears whole or not at all, and never replaces another: two
 * keyholders that make the same month's key at once must end with one key, or what was sealed to the other is lost.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { keyringError } from './keyring-error.ts';

const ownerOnlyFile = 0o600;
const ownerOnlyDirectory = 0o700;
const othersMay = 0o077;

export async function makePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: ownerOnlyDirectory });
  await refuseOpenTo(path);
}

/** Undefined when there is no such file. Throws `too-open` when others may read or change it. */
export async function readPrivateFile(path: string): Promise<Uint8Array | undefined> {
  try {
    await refuseOpenTo(path);
    return await readFile(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** False when the file was there already; it is then left as it is. On true it has reached the disk. */
export async function createPrivateFile(path: string, bytes: Uint8Array): Promise<boolean> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const file = await open(temporary, 'wx', ownerOnlyFile);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
  return true;
}

/** Overwritten, synced, unlinked; nothing happens when there is none. A disk that copies on write may keep the old bytes. */
export async function destroyPrivateFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'r+');
    try {
      const { size } = await file.stat();
      await file.write(randomBytes(size), 0, size, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await rm(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
}

async function refuseOpenTo(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & othersMay) === 0) return;
  throw keyringError(
    'too-open',
    `${path} can be read or changed by other users of this machine. Allow only the keyholder's user: chmod go= ${path}`,
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
