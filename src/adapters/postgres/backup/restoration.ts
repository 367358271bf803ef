/**
 * One database filled from a backup, in one transaction: its tables are made anew at the backup's schema, filled, and
 * brought up to date. Until `commit` nothing of it is there, and everything of before is.
 */
import { Client, type ClientBase, type ClientConfig, escapeIdentifier } from 'pg';
import { applyMigration, prepareSchema } from '../migrate.ts';
import { type Migration, readMigrations } from '../migrations.ts';
import { nameRoles, type Which } from '../names.ts';
import { type BackupTable, backupTables } from './backup-table.ts';
import type { TextRow } from './snapshot.ts';

export type Restoration = Readonly<{
  /** What the backup's schema has; a backup with others is none of ours. */
  tables: readonly BackupTable[];
  insert: (table: BackupTable, rows: readonly TextRow[]) => Promise<void>;
  /** After the last row: what counts goes on behind it, and newer migrations are applied. */
  finish: () => Promise<void>;
  /** For what a restored database is to be told besides. */
  client: ClientBase;
  commit: () => Promise<void>;
  /** Undoes everything, unless it was committed. */
  close: () => Promise<void>;
}>;

export type RestorationTask = Readonly<{
  config: ClientConfig;
  which: Which;
  rolePrefix: string;
  /** How many migrations the backup's schema has behind it. */
  version: number;
  /** For tests of the upgrade. */
  migrations?: readonly Migration[];
}>;

export async function openRestoration(task: RestorationTask): Promise<Restoration> {
  const { config, which, rolePrefix, version } = task;
  const migrations = task.migrations ?? readMigrations(which);
  const client = new Client(config);
  client.on('error', () => undefined);
  await client.connect();
  try {
    // Somebody still connected may hold a lock: better to say so than to wait for ever.
    await client.query(`BEGIN; SET LOCAL lock_timeout = '10s'; SET LOCAL row_security = off`);
    await asOwner(client, rolePrefix, async () => {
      await client.query(nameRoles(dropAllSql, rolePrefix));
      await prepareSchema(client, which, rolePrefix);
      for (const migration of migrations.slice(0, version))
        await applyMigration(client, migration, rolePrefix);
      const tables = await backupTables(client);
      await client.query(`TRUNCATE ${tables.map(({ name }) => escapeIdentifier(name)).join(', ')}`);
    });
    return {
      tables: await backupTables(client),
      client,
      insert: (table, rows) => insert(client, table, rows),
      finish: async () => {
        await continueCounting(client);
        await asOwner(client, rolePrefix, async () => {
          for (const migration of migrations.slice(version))
            await applyMigration(client, migration, rolePrefix);
        });
      },
      commit: async () => void (await client.query('COMMIT')),
      close: () => client.end(),
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function asOwner(client: ClientBase, rolePrefix: string, work: () => Promise<void>): Promise<void> {
  await client.query(nameRoles('SET LOCAL ROLE :"owner"; SET LOCAL row_security = on', rolePrefix));
  await work();
  await client.query('RESET ROLE; SET LOCAL row_security = off');
}

/** What the migrations made; what an administrator added by hand is not the owner's, and stays. */
const dropAllSql = `DO $do$
DECLARE item text; owner oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
BEGIN
  FOR item IN SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    AND c.relkind IN ('r', 'p') AND c.relowner = owner
  LOOP EXECUTE format('DROP TABLE %s CASCADE', item); END LOOP;
  FOR item IN SELECT t.oid::regtype::text FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace
    AND t.typtype IN ('d', 'e') AND t.typowner = owner
  LOOP EXECUTE format('DROP TYPE %s CASCADE', item); END LOOP;
  FOR item IN SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    AND p.proowner = owner
  LOOP EXECUTE format('DROP ROUTINE %s CASCADE', item); END LOOP;
END $do$`;

/** A statement holds at most 65,535 parameters, and should not carry more than a few large bodies. */
const mostParameters = 5_000;
const mostCharacters = 8 * 1_024 * 1_024;

async function insert(client: ClientBase, table: BackupTable, rows: readonly TextRow[]): Promise<void> {
  let batch: TextRow[] = [];
  let characters = 0;
  for (const row of rows) {
    batch.push(row);
    characters += row.reduce((sum, value) => sum + (value?.length ?? 0), 0);
    if (characters < mostCharacters && (batch.length + 1) * table.columns.length <= mostParameters) continue;
    await insertBatch(client, table, batch);
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) await insertBatch(client, table, batch);
}

async function insertBatch(
  client: ClientBase,
  { name, columns }: BackupTable,
  rows: readonly TextRow[],
): Promise<void> {
  const places = rows.map(
    (_, row) => `(${columns.map((_, column) => `$${row * columns.length + column + 1}`).join(', ')})`,
  );
  await client.query(
    `INSERT INTO ${escapeIdentifier(name)} (${columns.map(escapeIdentifier).join(', ')})
      OVERRIDING SYSTEM VALUE VALUES ${places.join(', ')}`,
    rows.flat(),
  );
}

async function continueCounting(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `SELECT c.relname AS table, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attidentity <> ''`,
  );
  for (const { table, column } of rows) {
    const [quotedTable, quotedColumn] = [escapeIdentifier(table), escapeIdentifier(column)];
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), last) FROM (SELECT max(${quotedColumn}) AS last
        FROM ${quotedTable}) AS found WHERE last IS NOT NULL`,
      [quotedTable, column],
    );
  }
}
