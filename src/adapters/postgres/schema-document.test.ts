import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { type DatabasePair, databasePair } from '../../../test/stand-ins/database-pair.ts';

let pair: DatabasePair;
before(async () => {
  pair = await databasePair();
});
after(() => pair.drop());

const document = readFileSync(join(import.meta.dirname, '../../../docs/schema.md'), 'utf8');
const rows = [...document.matchAll(/^\| `([a-z_]+\.[a-z_]+)` \| (clear|sealed|cipher|public) \| (.+) \|$/gm)];

test('docs/schema.md lists every column of the private database and no other (K3)', async () => {
  assert.deepEqual(rows.map(([, column]) => column).sort(), (await columns()).map(({ name }) => name).sort());
});

test('what docs/schema.md calls sealed, cipher or public is bytes, and all else is called clear', async () => {
  const bytes = new Set((await columns()).filter(({ type }) => type === 'bytea').map(({ name }) => name));
  // The outer header and the closing lines travel in clear, as bytes.
  const clearBytes = new Set(['bodies.envelope_head', 'bodies.envelope_end']);
  for (const [, column = '', what] of rows) {
    assert.equal(what === 'clear', !bytes.has(column) || clearBytes.has(column), column);
  }
});

async function columns(): Promise<readonly Readonly<{ name: string; type: string }>[]> {
  const client = new Client(pair.superuser('private'));
  await client.connect();
  const found = await client.query<{ name: string; type: string }>(`
    SELECT c.relname || '.' || a.attname AS name,
      coalesce(nullif(t.typbasetype, 0), t.oid)::regtype::text AS type
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped`);
  await client.end();
  return found.rows;
}
