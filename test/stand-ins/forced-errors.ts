/** Makes statements fail, made up from the catalogue: on every table, as each role, in every way that may print a value. */
import { Client, type ClientConfig, DatabaseError } from 'pg';
import { type ProcessRole, rolesOf } from '../../src/adapters/postgres/names.ts';

export type PrivateRole = ProcessRole | 'superuser';

export const privateRoles: readonly PrivateRole[] = [...rolesOf.private, 'superuser'];

export type Column = Readonly<{
  name: string;
  type: string;
  required: boolean;
  hasDefault: boolean;
  sample: string;
}>;
export type Table = Readonly<{ name: string; columns: readonly Column[] }>;

/** How often each SQLSTATE came. */
export type Forced = Readonly<{ errors: Readonly<Record<string, number>>; tables: readonly string[] }>;

export async function forceErrors(
  as: (role: PrivateRole) => ClientConfig,
  only?: readonly string[],
): Promise<Forced> {
  const owner = await connected(as('superuser'));
  const errors: Record<string, number> = {};
  const count = (code: string) => (errors[code] = (errors[code] ?? 0) + 1);
  try {
    const tables = (await tablesOf(owner)).filter(({ name }) => only?.includes(name) ?? true);
    for (const role of privateRoles) {
      const client = await connected(as(role));
      try {
        for (const table of tables)
          for (const statement of failing(table)) count(await failureOf(client, statement));
        for (const statement of beyondTables) count(await failureOf(client, statement));
        if (role === 'keyholder' || role === 'superuser') count(await deadlock(as(role), client));
      } finally {
        await client.end();
      }
    }
    return { errors, tables: tables.map(({ name }) => name) };
  } finally {
    await owner.end();
  }
}

/** Bad casts of each column, nothing where something must be, the same row again, a foreign key cut, one too long. */
function failing({ name, columns }: Table): readonly string[] {
  const all = columns.map((column) => `"${column.name}"`).join(', ');
  const required = columns.filter((column) => column.required);
  return [
    ...columns.map((column) => `SELECT ("${column.name}"::text || 'x')::int FROM ${name}`),
    ...columns.map((column) => `DELETE FROM ${name} WHERE ("${column.name}"::text || 'x')::int = 1`),
    ...required.map((column) => `UPDATE ${name} SET "${column.name}" = NULL`),
    ...required.map(
      (column) =>
        `INSERT INTO ${name} (${all}) OVERRIDING SYSTEM VALUE SELECT ${columns.map((one) => (one === column ? 'NULL' : `"${one.name}"`)).join(', ')} FROM ${name}`,
    ),
    ...columns.map(
      (column) => `UPDATE ${name} SET "${column.name}" = repeat("${column.name}"::text, 400)::${column.type}`,
    ),
    `INSERT INTO ${name} (${all}) OVERRIDING SYSTEM VALUE SELECT ${all} FROM ${name}`,
    `SELECT sum(length(t::text)::int / 0) FROM ${name} t`,
    `SELECT ${all
      .replaceAll('"', '')
      .split(', ')
      .map((column) => `lpad(${column}::text, 10)::varchar(3)::inet`)
      .join(', ')} FROM ${name}`,
    `DELETE FROM ${name}; SELECT 1 / 0`,
  ];
}

const beyondTables: readonly string[] = [
  'SELECT sealed, nothing_of_the_kind FROM inbox',
  `INSERT INTO body_tails SELECT 'no such body', alignment, bytes FROM body_tails LIMIT 1`,
  // Too little room for what is sorted, as on a full disk; only a superuser may say so.
  `SET LOCAL temp_file_limit = 0; SET LOCAL work_mem = '64kB'; SELECT count(*) FROM (SELECT i.sealed, g FROM inbox i, generate_series(1, 3000) g ORDER BY encode(i.sealed, 'hex'), g OFFSET 0) sorted`,
  `SET LOCAL statement_timeout = 20; SELECT sealed, pg_sleep(5) FROM inbox`,
  `SELECT convert_from(sealed, 'UTF8')::json FROM requests`,
  `CREATE TEMP TABLE short ON COMMIT DROP AS SELECT ''::varchar(3) AS it; INSERT INTO short SELECT encode(sealed, 'hex') FROM inbox`,
];

/** Each in a transaction that is rolled back: the next table has its rows still. */
async function failureOf(client: Client, statement: string): Promise<string> {
  await client.query('BEGIN');
  try {
    await client.query(statement);
    return 'none';
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.code ?? 'unknown';
  } finally {
    await client.query('ROLLBACK');
  }
}

/** Two hold a row each and want the other's: the log names both statements and rows. */
async function deadlock(config: ClientConfig, first: Client): Promise<string> {
  const second = await connected(config);
  const ids = (await first.query<{ id: string }>('SELECT id FROM inbox ORDER BY id LIMIT 2')).rows;
  if (ids.length < 2) {
    await second.end();
    return 'none';
  }
  const lock = (client: Client, index: number) =>
    client.query('UPDATE inbox SET state = state WHERE id = $1', [ids[index]?.id]);
  try {
    for (const client of [first, second]) await client.query('BEGIN');
    await lock(first, 0);
    await lock(second, 1);
    const ends = await Promise.allSettled([lock(first, 1), lock(second, 0)]);
    const refused = ends.find((end) => end.status === 'rejected');
    return refused?.reason instanceof DatabaseError ? (refused.reason.code ?? 'unknown') : 'none';
  } finally {
    for (const client of [first, second]) await client.query('ROLLBACK');
    await second.end();
  }
}

/** Tables of the private database with what a row of theirs must have. `sample` is a value that its type takes. */
export async function tablesOf(client: Client): Promise<readonly Table[]> {
  const { rows } = await client.query<{ name: string; columns: readonly Omit<Column, 'sample'>[] }>(
    `SELECT relname AS name,
            json_agg(json_build_object('name', attname, 'type', format_type(atttypid, NULL), 'required', attnotnull,
              'hasDefault', atthasdef OR attidentity <> '') ORDER BY attnum) AS columns
       FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' GROUP BY relname ORDER BY relname`,
  );
  return rows.map(({ name, columns }) => ({
    name,
    columns: columns.map((column) => ({ ...column, sample: samples[column.type] ?? `'x'` })),
  }));
}

const samples: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'now()',
  moment: 'now()',
  reply_code: '250',
  list_names: `'{a}'`,
  'text[]': `'{}'`,
  smallint: '1',
  integer: '1',
  bigint: '1',
  boolean: 'true',
  epoch: `'2026-11'`,
  digest: `decode(repeat('00', 32), 'hex')`,
  alignment: '0',
  inbox_state: `'waiting'`,
  outbox_state: `'queued'`,
  outbox_kind: `'copy'`,
  delivery_kind: `'sent'`,
  reader_standing: `'active'`,
  case_state: `'open'`,
  request_state: `'waiting'`,
  list_kind: `'private'`,
};

async function connected(config: ClientConfig): Promise<Client> {
  const client = new Client(config);
  await client.connect();
  return client;
}
