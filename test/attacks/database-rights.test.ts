/**
 * Attack: a process that was taken over uses its database role for more than its work (P2, I4, I9).
 * The matrix below is the whole of what each role may do; the catalogue must say the same, no more and no less.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { openCatalogue } from '../../src/adapters/postgres/catalogue-rights.ts';
import type { ProcessRole, Which } from '../../src/adapters/postgres/names.ts';
import { type DatabasePair, databasePair } from '../stand-ins/database-pair.ts';
import { type Rights, readRights } from './database-rights.ts';
import { forbidden } from './forbidden-statements.ts';
import { privateRights, publicRights } from './rights-matrix.ts';

let pair: DatabasePair;
const expected: Readonly<Record<Which, Rights>> = { private: privateRights, public: publicRights };
const both: readonly Which[] = ['private', 'public'];

before(async () => {
  pair = await databasePair();
});
after(() => pair.drop());

for (const which of both) {
  test(`in the ${which} database each role may do what the matrix says and nothing else`, async () => {
    assert.deepEqual(await onPair(which, rightsNow), expected[which]);
  });

  test(`what is added to the ${which} database later is nobody's, whoever adds it`, async () => {
    await onPair(which, async (client) => {
      await client.query('BEGIN');
      for (const creator of ['RESET ROLE', `SET LOCAL ROLE ${pair.names.rolePrefix}owner`]) {
        const suffix = creator.length;
        await client.query(`${creator};
          CREATE TABLE surprise_${suffix} (id bigserial, secret text);
          CREATE VIEW surprise_view_${suffix} AS SELECT * FROM surprise_${suffix};
          CREATE MATERIALIZED VIEW surprise_rows_${suffix} AS SELECT * FROM surprise_${suffix};
          CREATE FUNCTION surprise_function_${suffix}() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT ''secret''';
          CREATE SEQUENCE surprise_sequence_${suffix};`);
      }
      await client.query('RESET ROLE; CREATE SCHEMA surprise; CREATE TABLE surprise.more (id int)');
      assert.deepEqual(await rightsNow(client), expected[which]);
      await client.query('ROLLBACK');
    });
  });

  test(`every table of the ${which} database is the owner's, with row security that binds the owner too`, async () => {
    const odd = await onPair(which, (client) =>
      client.query(
        `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND (NOT relrowsecurity OR NOT relforcerowsecurity OR relowner::regrole::text <> $1)`,
        [`${pair.names.rolePrefix}owner`],
      ),
    );
    assert.deepEqual(odd.rows, []);
  });

  test(`no view of the ${which} database reads with its owner's rights`, async () => {
    const odd = await onPair(which, (client) =>
      client.query(`SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
        AND (relkind = 'm' OR NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false))`),
    );
    assert.deepEqual(odd.rows, []);
  });

  test(`in the ${which} database no role sees the cluster's statistics, locks, sizes or transaction numbers`, async () => {
    assert.deepEqual(await onPair(which, openCatalogue), []);
  });
}

test('the owner of everything cannot log in', async () => {
  const owner = new Client({ ...pair.superuser('private'), user: `${pair.names.rolePrefix}owner` });
  await assert.rejects(owner.connect(), { code: '28000' });
});

const strangers: readonly (readonly [ProcessRole, Which])[] = [
  ['public_keeper', 'private'],
  ['public_site', 'private'],
];
for (const [role, which] of strangers) {
  test(`${role} cannot even connect to the ${which} database`, async () => {
    await assert.rejects(new Client(pair.as(role, which)).connect(), { code: '42501' });
  });
}

for (const { role, which, statement } of forbidden) {
  test(`${role} in the ${which} database is refused: ${statement}`, async () => {
    const client = new Client(pair.as(role, which));
    await client.connect();
    try {
      await assert.rejects(client.query(statement), { code: '42501' });
    } finally {
      await client.end();
    }
  });
}

function rightsNow(client: Client): Promise<Rights> {
  return readRights(client, pair.names.rolePrefix, {
    [pair.names.privateDatabase]: 'private',
    [pair.names.publicDatabase]: 'public',
  });
}

async function onPair<T>(which: Which, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(pair.superuser(which));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
