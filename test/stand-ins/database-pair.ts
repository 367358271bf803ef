/**
 * A private and a public database of their own for one test, in the run's cluster. Copied from templates that are made
 * once per cluster and state of the migrations. All pairs share one set of roles, as roles belong to the cluster.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Client, type ClientConfig, escapeIdentifier } from 'pg';
import { catalogueRightsSql } from '../../src/adapters/postgres/catalogue-rights.ts';
import { readMigrations } from '../../src/adapters/postgres/migrations.ts';
import {
  databaseName,
  defaultNames,
  type PairNames,
  type ProcessRole,
  type Which,
} from '../../src/adapters/postgres/names.ts';
import { provision, roleConnection } from '../../src/adapters/postgres/provision.ts';
import {
  administratorDefaultsSql,
  createDatabaseSql,
  databaseRightsSql,
  schemaRightsSql,
} from '../../src/adapters/postgres/role-sql.ts';
import { schemaVersionSql } from '../../src/adapters/postgres/schema-version.ts';
import { testCluster } from './database.ts';

export type DatabasePair = Readonly<{
  names: PairNames;
  /** For pools and clients that act as that role. */
  as: (role: ProcessRole, which?: Which) => ClientConfig;
  superuser: (which: Which) => ClientConfig;
  /** Mail may rest under this epoch, as after a keyholder's first door of the month. */
  startEpoch: (epoch: string) => Promise<void>;
  drop: () => Promise<void>;
}>;

const both: readonly Which[] = ['private', 'public'];

export async function databasePair(): Promise<DatabasePair> {
  const { superuser } = await testCluster();
  const id = randomBytes(6).toString('hex');
  const names: PairNames = {
    ...defaultNames,
    privateDatabase: `pair_${id}_private`,
    publicDatabase: `pair_${id}_public`,
  };
  await asSuperuser(superuser, async (client) => {
    const templates = await withTemplateLock(client, () => ensureTemplates(client, superuser));
    for (const which of both) {
      await client.query(createDatabaseSql(names, which, databaseName(templates, which)));
      for (const statement of databaseRightsSql(names, which)) await client.query(statement);
    }
  });
  return {
    names,
    as: (role, which = 'private') => roleConnection(superuser, names, which, role),
    superuser: (which) => ({ ...superuser, database: databaseName(names, which) }),
    startEpoch: (epoch) =>
      asSuperuser({ ...superuser, database: databaseName(names, 'private') }, async (client) => {
        await client.query('INSERT INTO epochs VALUES ($1)', [epoch]);
      }),
    drop: () =>
      asSuperuser(superuser, async (client) => {
        for (const which of both) {
          await client.query(
            `DROP DATABASE IF EXISTS ${escapeIdentifier(databaseName(names, which))} WITH (FORCE)`,
          );
        }
      }),
  };
}

/** Named by what is in them: other migrations or other rights make other templates. */
function templateNames(): PairNames {
  const hash = createHash('sha256').update(catalogueRightsSql + administratorDefaultsSql);
  for (const which of both) {
    hash.update(schemaRightsSql(which) + schemaVersionSql(which));
    for (const migration of readMigrations(which)) hash.update(migration.digest);
  }
  const state = hash.digest('hex').slice(0, 16);
  return {
    ...defaultNames,
    privateDatabase: `template_${state}_private`,
    publicDatabase: `template_${state}_public`,
  };
}

async function ensureTemplates(client: Client, superuser: ClientConfig): Promise<PairNames> {
  const names = templateNames();
  const ready = await client.query(`SELECT FROM pg_database WHERE datname = $1 AND datistemplate`, [
    names.publicDatabase,
  ]);
  if (ready.rowCount) return names;
  await provision({ admin: superuser, names, ownCluster: true });
  for (const which of both) {
    await client.query(`ALTER DATABASE ${escapeIdentifier(databaseName(names, which))} IS_TEMPLATE true`);
  }
  return names;
}

/** Test files run side by side: one makes the templates, the others wait. */
async function withTemplateLock<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('SELECT pg_advisory_lock(7261)');
  try {
    return await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock(7261)');
  }
}

async function asSuperuser<T>(superuser: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(superuser);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
