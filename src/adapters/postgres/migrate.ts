/**
 * Brings one database to the newest schema (B8). Safe to run from several processes at once: each migration is one
 * transaction under a lock on the version table (a table lock, as engines without advisory locks have it too).
 *
 * Expand, then contract: a migration only adds (tables, columns with defaults, rights); what is no longer used is removed by a
 * later one, in a release after no process of the older kind runs. Processes refuse other versions: `assertSchema`.
 */
import type { ClientBase } from 'pg';
import { databaseProblem, sqlState } from './database-problem.ts';
import { type Migration, readMigrations } from './migrations.ts';
import { nameRoles, type Which } from './names.ts';
import { schemaRightsSql } from './role-sql.ts';
import { forceRowSecuritySql, liftRowSecuritySql } from './row-security-sql.ts';
import { schemaVersionSql } from './schema-version.ts';

export type MigrationProgress = Readonly<{ which: Which; version: number; of: number; name: string }>;

export type MigrateOptions = Readonly<{
  rolePrefix?: string;
  onProgress?: (progress: MigrationProgress) => void;
  /** For tests of the runner itself. */
  migrations?: readonly Migration[];
}>;

/** The connection must be that of a member of the owner role, to the database in question. Returns the version reached. */
export async function migrate(
  connection: ClientBase,
  which: Which,
  options: MigrateOptions = {},
): Promise<number> {
  const rolePrefix = options.rolePrefix ?? 'embargod_';
  const migrations = options.migrations ?? readMigrations(which);
  await connection.query(nameRoles('SET ROLE :"owner"', rolePrefix));
  try {
    await prepare(connection, which, rolePrefix);
    for (const migration of migrations) {
      const applied = await applyOne(connection, migration, rolePrefix);
      if (applied) {
        options.onProgress?.({
          which,
          version: migration.version,
          of: migrations.length,
          name: migration.name,
        });
      }
    }
  } finally {
    await connection.query('RESET ROLE').catch(() => undefined);
  }
  return migrations.length;
}

/** Two that start at once may both find no table: the loser of that race sees a duplicate and looks again. */
async function prepare(connection: ClientBase, which: Which, rolePrefix: string): Promise<void> {
  const found = await connection.query(`SELECT to_regclass('schema_version') IS NOT NULL AS found`);
  if (found.rows[0]?.found) return;
  try {
    await connection.query(
      nameRoles(`BEGIN; ${schemaRightsSql(which)} ${schemaVersionSql(which)} COMMIT`, rolePrefix),
    );
  } catch (error) {
    await connection.query('ROLLBACK');
    const again = await connection.query(`SELECT to_regclass('schema_version') IS NOT NULL AS found`);
    if (!lostRace.has(sqlState(error) ?? '') || !again.rows[0]?.found) throw error;
  }
}

/** duplicate_object, duplicate_table, unique_violation, and the catalogue's "tuple concurrently updated". */
const lostRace: ReadonlySet<string> = new Set(['42710', '42P07', '23505', 'XX000']);

/** Inside a transaction of the caller's, as the owner; a restore makes a whole schema in one. */
export async function applyMigration(
  connection: ClientBase,
  { sql, version, name, digest }: Migration,
  rolePrefix: string,
): Promise<void> {
  await connection.query(liftRowSecuritySql);
  await connection.query(nameRoles(sql, rolePrefix));
  await connection.query(forceRowSecuritySql);
  await connection.query('INSERT INTO schema_version (version, name, digest) VALUES ($1, $2, $3)', [
    version,
    name,
    digest,
  ]);
}

/** The schema's rights and the table of its versions, likewise. */
export async function prepareSchema(connection: ClientBase, which: Which, rolePrefix: string): Promise<void> {
  await connection.query(nameRoles(`${schemaRightsSql(which)} ${schemaVersionSql(which)}`, rolePrefix));
}

async function applyOne(connection: ClientBase, migration: Migration, rolePrefix: string): Promise<boolean> {
  await connection.query('BEGIN');
  try {
    await connection.query('LOCK TABLE schema_version IN EXCLUSIVE MODE');
    const done = await connection.query('SELECT digest FROM schema_version WHERE version = $1', [
      migration.version,
    ]);
    const digest: unknown = done.rows[0]?.digest;
    if (digest !== undefined && digest !== migration.digest) {
      throw databaseProblem(
        'migration-changed',
        `Migration ${migration.name} was edited after it had been applied. Restore the file; add a new one instead.`,
      );
    }
    if (digest === undefined) await applyMigration(connection, migration, rolePrefix);
    await connection.query('COMMIT');
    return digest === undefined;
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
