import { access, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canTraverse, type DatabaseUser } from './database-user.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

type Link = Readonly<{ source: string; target: string }>;

/**
 * The npm binaries come without their library links, which the package makes in a postinstall that we do not run (P6).
 * Makes them in place, or in a copy in `beside` where the package cannot be written or the user cannot reach it.
 */
export async function usableBinaries(
  binaries: PostgresBinaries,
  user: DatabaseUser,
  beside: string,
): Promise<PostgresBinaries> {
  if (binaries.origin === 'system') return binaries;
  const native = dirname(binaries.directory);
  if ((await canTraverse(user, binaries.directory)) && (await makeLinks(native))) return binaries;
  const copy = join(beside, `postgresql-${binaries.major}`);
  if (!(await exists(copy))) await copyWithLinks(native, copy, beside);
  return { ...binaries, directory: join(copy, 'bin') };
}

/** Complete or absent: a kill half-way leaves only a folder that the next start removes. */
async function copyWithLinks(native: string, copy: string, beside: string): Promise<void> {
  const unfinished = `${copy}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(beside, { recursive: true });
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  if (!(await makeLinks(unfinished))) throw new Error(`Could not make links in ${unfinished}.`);
  await rename(unfinished, copy);
}

/** False when the folder cannot be written. Links are by bare name: each lies beside its library. */
async function makeLinks(native: string): Promise<boolean> {
  const links: readonly Link[] = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const link of links) {
    const place = join(native, 'lib', basename(link.target));
    try {
      await symlink(basename(link.source), place);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EEXIST' || (await exists(place))) continue;
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
      throw error;
    }
  }
  return true;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
