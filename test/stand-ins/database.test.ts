import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { testCluster } from './database.ts';

test('the stand-in is a real PostgreSQL whose superuser makes roles that may connect', async () => {
  const { superuser, socketDirectory } = await testCluster();
  const role = `stand_in_${process.pid}`;
  const client = new pg.Client({ ...superuser });
  await client.connect();
  try {
    await client.query(`CREATE ROLE ${role} LOGIN`);
    // The tests of a real installation take this right from PUBLIC in the cluster that all share.
    await client.query(`GRANT CONNECT ON DATABASE postgres TO ${role}`);
    const other = new pg.Client({ host: socketDirectory, user: role, database: 'postgres' });
    await other.connect();
    const { rows } = await other.query<{ who: string }>('SELECT current_user AS who');
    assert.equal(rows[0]?.who, role);
    await other.end();
  } finally {
    await client.query(`DROP OWNED BY ${role}`);
    await client.query(`DROP ROLE ${role}`);
    await client.end();
  }
});
