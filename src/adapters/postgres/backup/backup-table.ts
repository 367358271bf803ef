import type { ClientBase } from 'pg';

/** A table of a backup, with its columns in the order of its rows' values. */
export type BackupTable = Readonly<{ name: string; columns: readonly string[] }>;

/** Written by the migrations themselves; the backup's header says which were applied. */
const notData: readonly string[] = ['schema_version'];

type Found = Readonly<{ name: string; columns: string[]; references: string[] }>;

/** Every table of the database, so that each comes after those that its rows refer to. */
export async function backupTables(client: ClientBase): Promise<readonly BackupTable[]> {
  const { rows } = await client.query<Found>(
    `SELECT c.relname AS name,
        ARRAY(SELECT a.attname::text FROM pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
          ORDER BY a.attnum) AS columns,
        ARRAY(SELECT r.relname::text FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
          WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS references
      FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relname = ANY ($1)
      ORDER BY c.relname`,
    [notData],
  );
  return inOrder(rows).map(({ name, columns }) => ({ name, columns }));
}

function inOrder(tables: readonly Found[]): readonly Found[] {
  const ordered: Found[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const free = left.filter(({ references }) => references.every((name) => !waiting.has(name)));
    if (free.length === 0) throw new RangeError('Tables of the schema refer to each other in a circle.');
    ordered.push(...free);
    left = left.filter((table) => !free.includes(table));
  }
  return ordered;
}
