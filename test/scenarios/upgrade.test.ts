import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ClientBase, escapeIdentifier } from 'pg';
import { assertSchema } from '../../src/adapters/postgres/assert-schema.ts';
import { type BackupTable, backupTables } from '../../src/adapters/postgres/backup/backup-table.ts';
import { openRestoration } from '../../src/adapters/postgres/backup/restoration.ts';
import { openSnapshot, type TextRow } from '../../src/adapters/postgres/backup/snapshot.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { readMigrations } from '../../src/adapters/postgres/migrations.ts';
import type { Which } from '../../src/adapters/postgres/names.ts';
import { makeBackup } from '../../src/run/backup/make-backup.ts';
import { examineBackup, restoreBackup } from '../../src/run/backup/restore-backup.ts';
import { instantFromMilliseconds } from '../../src/time/instant.ts';
import { readRights } from '../attacks/database-rights.ts';
import { privateRights, publicRights } from '../attacks/rights-matrix.ts';
import { type DatabasePair, databasePair } from '../stand-ins/database-pair.ts';
import { bothDatabases, fillTables, withClient } from '../stand-ins/filled-tables.ts';

/** A server of an earlier release is upgraded: nothing that lies in its tables is lost, and every right is today's. */
type Rows = ReadonlyMap<string, Readonly<{ table: BackupTable; rows: readonly TextRow[] }>>;
let filled: DatabasePair;
let today: Readonly<Record<Which, Rows>>;

before(async () => {
  filled = await databasePair();
  await fillTables(filled);
  today = { private: await rowsOf(filled, 'private'), public: await rowsOf(filled, 'public') };
});
after(() => filled.drop());

async function rowsOf(pair: DatabasePair, which: Which): Promise<Rows> {
  const snapshot = await openSnapshot(pair.superuser(which));
  const found = new Map<string, { table: BackupTable; rows: TextRow[] }>();
  for (const table of snapshot.tables) {
    const rows: TextRow[] = [];
    for await (const page of snapshot.pages(table)) rows.push(...page);
    found.set(table.name, { table, rows });
  }
  await snapshot.close();
  return found;
}

/** The values of these columns alone, in order. */
function narrowed(
  { table, rows }: { table: BackupTable; rows: readonly TextRow[] },
  columns: readonly string[],
) {
  const places = columns.map((column) => table.columns.indexOf(column));
  return rows.map((row) => places.map((place) => row[place] ?? null)).map((row) => JSON.stringify(row));
}

/** Databases as release `version` made them, with today's rows as far as they knew their columns. */
async function olderPair(versions: Readonly<Record<Which, number>>): Promise<DatabasePair> {
  const pair = await databasePair();
  for (const which of bothDatabases) {
    const migrations = readMigrations(which).slice(0, versions[which]);
    const { rolePrefix } = pair.names;
    const version = migrations.length;
    const older = await openRestoration({
      config: pair.superuser(which),
      which,
      rolePrefix,
      version,
      migrations,
    });
    for (const { name, columns } of older.tables) {
      const source = today[which].get(name);
      if (!source) continue;
      const known = columns.filter((column) => source.table.columns.includes(column));
      const rows = narrowed(source, known).map((row): TextRow => JSON.parse(row));
      await older.insert({ name, columns: known }, rows);
    }
    await older.finish();
    await older.commit();
    await older.close();
  }
  return pair;
}

/** A restored database is another generation, and acts on nothing that waited. */
const changedByRestore: ReadonlySet<string> = new Set(['generation', 'state']);

async function mustBeToday(pair: DatabasePair, older: Readonly<Record<Which, readonly BackupTable[]>>) {
  const databases = { [pair.names.privateDatabase]: 'private', [pair.names.publicDatabase]: 'public' };
  const matrix = { private: privateRights, public: publicRights };
  for (const which of bothDatabases) {
    const now = await rowsOf(pair, which);
    for (const { name, columns } of older[which]) {
      const [had, has] = [today[which].get(name), now.get(name)];
      assert.ok(had && has, `${which}.${name} is still there`);
      assert.ok(has.rows.length > 0, `${which}.${name} has its rows`);
      const kept = columns.filter((column) => has.table.columns.includes(column));
      const same = kept.filter((column) => !changedByRestore.has(column));
      assert.deepEqual(narrowed(has, same), narrowed(had, same), `${which}.${name}`);
    }
    await withClient(pair.superuser(which), async (client) => {
      assert.deepEqual(await orphans(client), []);
      await assertSchema(client, which);
      assert.deepEqual(await readRights(client, pair.names.rolePrefix, databases), matrix[which]);
    });
  }
}

/** Rows that refer to nothing: a check that row security blinded would let them pass. */
async function orphans(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; sql: string }>(
    `SELECT k.conname AS name, format('SELECT FROM %s c WHERE c.%I IS NOT NULL AND NOT EXISTS (SELECT FROM %s p WHERE p.%I = c.%I)',
        k.conrelid::regclass, a.attname, k.confrelid::regclass, b.attname, a.attname) AS sql
      FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1] WHERE k.contype = 'f'`,
  );
  const found: string[] = [];
  for (const { name, sql } of rows) if ((await client.query(sql)).rowCount) found.push(name);
  return found;
}

const [newest] = bothDatabases.map((which) => readMigrations(which).length);
const versions = Array.from({ length: (newest ?? 1) - 1 }, (_, index) => index + 1);
const upTo = (version: number): Readonly<Record<Which, number>> => ({
  private: version,
  public: Math.min(version, readMigrations('public').length - 1),
});

for (const version of versions) {
  test(`schema ${version} with rows in every table becomes today's, and every row is there`, async () => {
    const pair = await olderPair(upTo(version));
    try {
      const older = await tablesOf(pair);
      for (const which of bothDatabases)
        await withClient(pair.superuser(which), (client) =>
          migrate(client, which, { rolePrefix: pair.names.rolePrefix }),
        );
      await mustBeToday(pair, older);
    } finally {
      await pair.drop();
    }
  });

  test(`a backup of schema ${version} is restored as it was, and becomes today's`, async () => {
    const [old, fresh] = [await olderPair(upTo(version)), await databasePair()];
    const directory = await mkdtemp(join(tmpdir(), 'up-'));
    try {
      const shared = {
        keyholder: 'ab'.repeat(32),
        keyholderDirectory: directory,
        rolePrefix: fresh.names.rolePrefix,
      };
      const now = instantFromMilliseconds(Date.UTC(2026, 10, 23));
      const file = join(directory, 'old.backup');
      await makeBackup({
        ...shared,
        file,
        access: old.superuser,
        clock: () => now,
        progress: () => undefined,
      });
      const place = { ...shared, access: fresh.superuser };
      const marker = join(directory, 'marker');
      await restoreBackup(await examineBackup(file, place), {
        place,
        now,
        marker,
        progress: () => undefined,
      });
      const older = await tablesOf(old);
      const lasting = older.private.filter(({ name }) => !['doors', 'heartbeats'].includes(name));
      await mustBeToday(fresh, { ...older, private: lasting });
    } finally {
      await Promise.all([old.drop(), fresh.drop()]);
      await rm(directory, { recursive: true });
    }
  });
}

async function tablesOf(pair: DatabasePair): Promise<Readonly<Record<Which, readonly BackupTable[]>>> {
  const of = (which: Which) => withClient(pair.superuser(which), backupTables);
  return { private: await of('private'), public: await of('public') };
}

test('rows of a table that a migration forgot would be missed: the comparison can fail', async () => {
  const pair = await olderPair(upTo(versions.at(-1) ?? 1));
  try {
    const older = await tablesOf(pair);
    for (const which of bothDatabases)
      await withClient(pair.superuser(which), async (client) => {
        await migrate(client, which, { rolePrefix: pair.names.rolePrefix });
        if (which === 'private') await client.query(`DELETE FROM ${escapeIdentifier('permits')}`);
      });
    await assert.rejects(mustBeToday(pair, older), /private\.permits/);
  } finally {
    await pair.drop();
  }
});
