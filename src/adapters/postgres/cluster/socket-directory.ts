import { chmod, chown, lstat, mkdir, mkdtemp, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Authentication } from './access-files.ts';
import type { DatabaseUser } from './database-user.ts';

/** sun_path holds 108 bytes, the closing NUL included; a longer path is refused by the kernel, not shortened (B3). */
const longestSocketPath = 107;
const socketName = '.s.PGSQL.5432';

/**
 * A folder for the socket whose path is short enough: inside `directory`, else a private one under the system's
 * temporary folder, remembered in `directory` so that a second start finds the same.
 */
export async function socketDirectoryFor(
  directory: string,
  user: DatabaseUser,
  authentication: Authentication,
): Promise<string> {
  const mode = authentication === 'peer' ? 0o755 : 0o700;
  const inside = join(await realpath(directory), 'run');
  if (fits(inside)) {
    await mkdir(inside, { recursive: true });
    await giveTo(inside, user, mode);
    return inside;
  }
  const note = join(directory, 'socket-directory');
  const remembered = await readFile(note, 'utf8').catch(() => '');
  if (remembered !== '' && (await isOurs(remembered, user))) return remembered;
  const fresh = await mkdtemp(join(fits(join(tmpdir(), 'embargod-XXXXXX')) ? tmpdir() : '/tmp', 'embargod-'));
  await giveTo(fresh, user, mode);
  await writeFile(note, fresh);
  return fresh;
}

function fits(directory: string): boolean {
  return new TextEncoder().encode(join(directory, socketName)).length <= longestSocketPath;
}

/** The temporary folder is everybody's: after a reboot another user may have taken the remembered name. */
async function isOurs(path: string, user: DatabaseUser): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === (user.uid ?? process.getuid?.());
}

async function giveTo(path: string, user: DatabaseUser, mode: number): Promise<void> {
  const found = await stat(path);
  // Only what is not so yet: at a later start the supervisor may have no right to change it (P1).
  if ((found.mode & 0o777) !== mode) await chmod(path, mode);
  if (user.uid === undefined || user.gid === undefined) return;
  if (found.uid !== user.uid || found.gid !== user.gid) await chown(path, user.uid, user.gid);
}
