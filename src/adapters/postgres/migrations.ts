/** Migrations: numbered SQL files in `migrations/private` and `migrations/public`, applied in order, never edited. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Which } from './names.ts';

export type Migration = Readonly<{
  version: number;
  name: string;
  /** With roles as `:"keyholder"`; see `nameRoles`. */
  sql: string;
  /** SHA-256 of the file, hexadecimal: an applied migration that was edited since is noticed. */
  digest: string;
}>;

const folder = join(import.meta.dirname, '..', '..', '..', 'migrations');

export function readMigrations(which: Which): readonly Migration[] {
  const files = readdirSync(join(folder, which))
    .filter((file) => /^\d{4}-.*\.sql$/.test(file))
    .sort();
  return files.map((file, index) => {
    const version = Number(file.slice(0, 4));
    if (version !== index + 1)
      throw new RangeError(`Migration ${file} is out of order: number ${index + 1} is due.`);
    const sql = readFileSync(join(folder, which, file), 'utf8');
    return {
      version,
      name: file.slice(0, -'.sql'.length),
      sql,
      digest: createHash('sha256').update(sql).digest('hex'),
    };
  });
}
