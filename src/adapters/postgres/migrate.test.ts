import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { testCluster } from '../../../test/stand-ins/database.ts';
import { type DatabasePair, databasePair } from '../../../test/stand-ins/database-pair.ts';
import { assertSchema } from './assert-schema.ts';
import { migrate } from './migrate.ts';
import { type Migration, readMigrations } from './migrations.ts';
import { type PairNames, processRoles, type Which } from './names.ts';
import { provision } from './provision.ts';
import { createDatabaseSql, createRolesSql, databaseRightsSql } from './role-sql.ts';
import { setupSql, upgradeSql } from './setup-sql.ts';

let pair: DatabasePair;
let clients: Client[] = [];

beforeEach(async () => {
  pair = await databasePair();
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end()));
  clients = [];
  await pair.drop();
});

const surplus: Migration = {
  version: readMigrations('private').length + 1,
  name: '9999-surplus',
  sql: 'CREATE TABLE surplus (id integer)',
  digest: 'a'.repeat(64),
};

test('processes accept the schema they know', async () => {
  for (const role of ['intake', 'keyholder', 'sender', 'operator'] as const) {
    await assertSchema(await connect(pair.as(role)), 'private');
  }
  await assertSchema(await connect(pair.as('public_site', 'public')), 'public');
});

test('processes refuse a schema newer than they know, with advice', async () => {
  const root = await connect(pair.superuser('private'));
  await migrate(root, 'private', { migrations: [...readMigrations('private'), surplus] });
  await assert.rejects(assertSchema(await connect(pair.as('keyholder')), 'private'), {
    code: 'schema-too-new',
    message: /install that version/,
  });
});

test('processes refuse a schema older than they know, and one that is missing', async () => {
  const root = await connect(pair.superuser('private'));
  await root.query('DELETE FROM schema_version WHERE version > 1');
  await assert.rejects(assertSchema(await connect(pair.as('keyholder')), 'private'), {
    code: 'schema-too-old',
  });
  await root.query('DROP TABLE schema_version');
  await assert.rejects(assertSchema(await connect(pair.as('keyholder')), 'private'), {
    code: 'schema-missing',
  });
});

test('ten runners at once apply each migration once and tell of it once', async () => {
  const told: number[] = [];
  const migrations = [...readMigrations('private'), surplus];
  const runners = await Promise.all(Array.from({ length: 10 }, () => connect(pair.superuser('private'))));
  await Promise.all(
    runners.map((runner) =>
      migrate(runner, 'private', { migrations, onProgress: ({ version }) => told.push(version) }),
    ),
  );
  assert.deepEqual(told, [surplus.version]);
});

test('ten runners at once on an empty database make one schema', async () => {
  const root = await connect(pair.superuser('public'));
  await root.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner');
  const runners = await Promise.all(Array.from({ length: 10 }, () => connect(pair.superuser('public'))));
  await Promise.all(runners.map((runner) => migrate(runner, 'public')));
  await assertSchema(root, 'public');
});

test('a migration that fails leaves nothing of itself behind', async () => {
  const root = await connect(pair.superuser('private'));
  const broken = { ...surplus, sql: 'CREATE TABLE surplus (id integer); SELECT 1/0' };
  await assert.rejects(migrate(root, 'private', { migrations: [...readMigrations('private'), broken] }));
  const found = await root.query(`SELECT to_regclass('surplus') AS surplus`);
  assert.equal(found.rows[0]?.surplus, null);
  await assertSchema(root, 'private');
});

test('a migration that was edited after it was applied is refused', async () => {
  const root = await connect(pair.superuser('private'));
  const edited = readMigrations('private').map((one) => ({ ...one, digest: 'b'.repeat(64) }));
  await assert.rejects(migrate(root, 'private', { migrations: edited }), { code: 'migration-changed' });
});

// The npm binaries bring no psql (B3); wherever PostgreSQL is the distribution's, it is there.
const noPsql = spawnSync('psql', ['--version']).error !== undefined;

test('a role without rights gets the SQL, and psql makes of it what provision makes', {
  skip: noPsql,
}, async () => {
  const { superuser } = await testCluster();
  const id = `try${randomBytes(4).toString('hex')}`;
  const names: PairNames = {
    privateDatabase: `${id}_private`,
    publicDatabase: `${id}_public`,
    rolePrefix: `${id}_`,
  };
  const result = await provision({
    admin: { ...superuser, ...(await powerless(id)) },
    names,
    ownCluster: false,
  });
  assert.equal(result.kind, 'missing-rights');
  assert.equal(result.kind === 'missing-rights' && result.sql, setupSql(names));
  try {
    runPsql(superuser, setupSql(names));
    const keyholder = await connect({
      ...superuser,
      user: `${id}_keyholder`,
      database: names.privateDatabase,
    });
    await assertSchema(keyholder, 'private');
    await keyholder.query('SELECT * FROM journal');
    assert.deepEqual(await provision({ admin: superuser, names, ownCluster: false }), {
      kind: 'ready',
      catalogueClosed: true,
    });
    await keyholder.end();
    clients = clients.filter((client) => client !== keyholder);
  } finally {
    await removeAll(names, id);
  }
});

for (const way of ['provision', 'psql'] as const) {
  test(`databases of the first release, with mail in them, are brought up to date by ${way}`, {
    skip: way === 'psql' && noPsql,
  }, async () => {
    const { superuser } = await testCluster();
    const id = `old${randomBytes(4).toString('hex')}`;
    const names = { privateDatabase: `${id}_private`, publicDatabase: `${id}_public`, rolePrefix: `${id}_` };
    const root = await connect(pair.superuser('public'));
    await root.query(`CREATE ROLE ${id}_powerless`);
    try {
      for (const statement of createRolesSql(names.rolePrefix)) await root.query(statement);
      for (const which of ['private', 'public'] as const) await makeOld(names, which);
      if (way === 'provision') await provision({ admin: superuser, names, ownCluster: false });
      else runPsql(superuser, upgradeSql(names, { private: 2, public: 2 }));
      for (const which of ['private', 'public'] as const) {
        const sender = new Client({
          ...superuser,
          user: `${id}_sender`,
          database: which === 'private' ? names.privateDatabase : names.publicDatabase,
        });
        await sender.connect();
        await assertSchema(sender, which);
        await sender.query('SELECT at FROM heartbeats');
        const kept = await sender.query('SELECT state FROM outbox').catch(() => ({ rows: [] }));
        assert.deepEqual(kept.rows, which === 'private' ? [{ state: 'failed' }] : []);
        await sender.end();
      }
    } finally {
      await removeAll(names, id);
    }
  });
}

/** As the first release made it: two migrations, and sender with no way into the public one. */
async function makeOld(names: PairNames, which: Which): Promise<void> {
  const { superuser } = await testCluster();
  const root = await connect(pair.superuser('public'));
  await root.query(createDatabaseSql(names, which));
  for (const statement of databaseRightsSql(names, which)) await root.query(statement);
  const database = which === 'private' ? names.privateDatabase : names.publicDatabase;
  const client = new Client({ ...superuser, database });
  await client.connect();
  const migrations = readMigrations(which).slice(0, 2);
  await migrate(client, which, { migrations, rolePrefix: names.rolePrefix });
  const sender = `${names.rolePrefix}sender`;
  if (which === 'public') {
    await client.query(
      `REVOKE ALL ON SCHEMA public FROM ${sender}; REVOKE ALL ON schema_version FROM ${sender}`,
    );
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM ${sender}`);
  } else {
    await client.query(
      `INSERT INTO outbox (id, list, recipient, return_path, state, permit_id, kind, created_at, next_at)
       VALUES ('a', 'l', 'r', '', 'failed', 'p', 'notice', now(), now())`,
    );
  }
  await client.end();
}

function runPsql(superuser: Readonly<{ host: string; user: string }>, sql: string): void {
  const words = ['-h', superuser.host, '-U', superuser.user, '-v', 'ON_ERROR_STOP=1', '-q', 'postgres'];
  const run = spawnSync('psql', words, { input: sql, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
}

async function powerless(id: string): Promise<{ user: string; database: string }> {
  const root = await connect(pair.superuser('public'));
  await root.query(
    `CREATE ROLE ${id}_powerless LOGIN; GRANT CONNECT ON DATABASE ${pair.names.publicDatabase} TO ${id}_powerless`,
  );
  return { user: `${id}_powerless`, database: pair.names.publicDatabase };
}

async function removeAll(names: PairNames, id: string): Promise<void> {
  const root = await connect(pair.superuser('public'));
  await root.query(`DROP DATABASE IF EXISTS ${names.privateDatabase} WITH (FORCE)`);
  await root.query(`DROP DATABASE IF EXISTS ${names.publicDatabase} WITH (FORCE)`);
  await root.query(`DROP OWNED BY ${id}_powerless`);
  for (const role of ['powerless', 'owner', ...processRoles])
    await root.query(`DROP ROLE IF EXISTS ${id}_${role}`);
}

async function connect(config: ConstructorParameters<typeof Client>[0]): Promise<Client> {
  const client = new Client(config);
  clients.push(client);
  await client.connect();
  return client;
}
