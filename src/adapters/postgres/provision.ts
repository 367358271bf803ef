/**
 * Makes the pair of databases: roles, databases, rights, schema. Everything may be run again; what is there stays.
 * On a server that does not allow it, the answer is the SQL for its administrator (B8).
 */
import { Client, type ClientBase, type ClientConfig, escapeIdentifier } from 'pg';
import { catalogueRightsSql } from './catalogue-rights.ts';
import { sqlState } from './database-problem.ts';
import { type MigrationProgress, migrate } from './migrate.ts';
import { databaseName, type PairNames, type ProcessRole, roleName, type Which } from './names.ts';
import {
  administratorDefaultsSql,
  createDatabaseSql,
  createRolesSql,
  databaseRightsSql,
} from './role-sql.ts';
import { scramVerifier } from './scram-verifier.ts';
import { setupSql } from './setup-sql.ts';

export type ProvisionOptions = Readonly<{
  /** Connects as the role that sets up; the database is filled in. */
  admin: ClientConfig;
  names: PairNames;
  /** The server is ours alone: rights on its other databases are taken from PUBLIC too. */
  ownCluster: boolean;
  /** For servers that ask for passwords; ours on a private socket does not. */
  passwords?: Readonly<Partial<Record<ProcessRole, string>>>;
  onProgress?: (progress: MigrationProgress) => void;
}>;

export type ProvisionResult =
  /** `catalogueClosed` is false where we are no superuser: `doctor` says what the roles can see then. */
  | Readonly<{ kind: 'ready'; catalogueClosed: boolean }>
  | Readonly<{ kind: 'missing-rights'; missing: string; sql: string }>;

export async function provision(options: ProvisionOptions): Promise<ProvisionResult> {
  try {
    return await provisionAll(options);
  } catch (error) {
    // insufficient_privilege
    if (sqlState(error) !== '42501' || !(error instanceof Error)) throw error;
    return { kind: 'missing-rights', missing: error.message, sql: setupSql(options.names) };
  }
}

async function provisionAll(options: ProvisionOptions): Promise<ProvisionResult> {
  const { admin, names } = options;
  const superuser = await withClient({ ...admin, database: admin.database ?? 'postgres' }, async (client) => {
    const isSuperuser = await hasSuperuser(client);
    for (const statement of createRolesSql(names.rolePrefix)) await client.query(statement);
    await setPasswords(client, options);
    await createDatabase(client, names, 'private');
    await createDatabase(client, names, 'public');
    if (isSuperuser && options.ownCluster) await closeOtherDatabases(client);
    return isSuperuser;
  });
  for (const which of ['private', 'public'] as const) {
    await withClient({ ...admin, database: databaseName(names, which) }, async (client) => {
      if (superuser) await client.query(catalogueRightsSql);
      await client.query(administratorDefaultsSql);
      const progress = options.onProgress === undefined ? {} : { onProgress: options.onProgress };
      await migrate(client, which, { rolePrefix: names.rolePrefix, ...progress });
    });
  }
  return { kind: 'ready', catalogueClosed: superuser };
}

async function hasSuperuser(client: ClientBase): Promise<boolean> {
  const result = await client.query<{ rolsuper: boolean }>(
    'SELECT rolsuper FROM pg_roles WHERE rolname = current_user',
  );
  return result.rows[0]?.rolsuper ?? false;
}

/** The verifier is made here: a password in the statement could end in the server's log. */
async function setPasswords(client: ClientBase, options: ProvisionOptions): Promise<void> {
  for (const [role, password] of Object.entries(options.passwords ?? {})) {
    const name = escapeIdentifier(`${options.names.rolePrefix}${role}`);
    await client.query(`ALTER ROLE ${name} PASSWORD '${scramVerifier(password)}'`);
  }
}

async function createDatabase(client: ClientBase, names: PairNames, which: Which): Promise<void> {
  const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [
    databaseName(names, which),
  ]);
  if (found.rowCount === 0) {
    try {
      await client.query(createDatabaseSql(names, which));
    } catch (error) {
      // duplicate_database, unique_violation: another process was quicker.
      if (!['42P04', '23505'].includes(sqlState(error) ?? '')) throw error;
    }
  }
  for (const statement of databaseRightsSql(names, which)) await client.query(statement);
}

/** From `postgres` or `template1` the cluster-wide statistics would stay open to anyone who may connect. */
async function closeOtherDatabases(client: ClientBase): Promise<void> {
  for (const database of ['postgres', 'template1']) {
    const open = await client.query(
      `SELECT FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
        WHERE d.datname = $1 AND a.grantee = 0`,
      [database],
    );
    if (open.rowCount) await client.query(`REVOKE ALL ON DATABASE ${escapeIdentifier(database)} FROM PUBLIC`);
  }
}

async function withClient<T>(config: ClientConfig, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = new Client(config);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function roleConnection(
  base: ClientConfig,
  names: PairNames,
  which: Which,
  role: ProcessRole,
): ClientConfig {
  return { ...base, database: databaseName(names, which), user: roleName(names.rolePrefix, role) };
}
