import type { ClientBase, Pool } from 'pg';
import { databaseProblem, sqlState } from './database-problem.ts';
import { readMigrations } from './migrations.ts';
import type { Which } from './names.ts';

/** A process works only with the schema it was written for (B8): an older or newer one is refused, with advice. */
export async function assertSchema(connection: ClientBase | Pool, which: Which): Promise<void> {
  const known = readMigrations(which).length;
  const found = await currentVersion(connection);
  if (found === undefined) {
    throw databaseProblem(
      'schema-missing',
      `The ${which} database has no schema yet. Run "embargod init" first, or apply the SQL it prints.`,
    );
  }
  if (found < known) {
    throw databaseProblem(
      'schema-too-old',
      `The ${which} database has schema ${found}; this program needs ${known}. Stop all processes and run "embargod run" again, which migrates the embedded one; for a server of yours, "embargod upgrade" does.`,
    );
  }
  if (found > known) {
    throw databaseProblem(
      'schema-too-new',
      `The ${which} database has schema ${found}; this program knows up to ${known}. A newer embargod migrated it: install that version here too.`,
    );
  }
}

async function currentVersion(connection: ClientBase | Pool): Promise<number | undefined> {
  try {
    const result = await connection.query<{ version: number | null }>(
      'SELECT max(version) AS version FROM schema_version',
    );
    return result.rows[0]?.version ?? undefined;
  } catch (error) {
    // undefined_table
    if (sqlState(error) === '42P01') return undefined;
    throw error;
  }
}
