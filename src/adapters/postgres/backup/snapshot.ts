/**
 * One database as it is at one moment, for a backup: read in one transaction while the server works on. Row security
 * would hide rows silently from a role that it binds; here it makes the reading fail instead.
 */
import { Client, type ClientBase, type ClientConfig, escapeIdentifier } from 'pg';
import type { JournalHead } from '../../../message/ports.ts';
import { type BackupTable, backupTables } from './backup-table.ts';

/** A row as PostgreSQL writes its values in text. */
export type TextRow = readonly (string | null)[];

export type AppliedMigration = Readonly<{ name: string; digest: string }>;

export type Snapshot = Readonly<{
  migrations: readonly AppliedMigration[];
  tables: readonly BackupTable[];
  /** In pages of bounded size, at least a row each. */
  pages: (table: BackupTable) => AsyncIterable<readonly TextRow[]>;
  /** Of the private database. */
  journalHead: () => Promise<JournalHead>;
  close: () => Promise<void>;
}>;

/** Characters of text that a page may hold: a mail of 30 MB in three alignments must not lie in memory at once. */
const pageSize = 16 * 1_024 * 1_024;
const mostRows = 500;

export async function openSnapshot(config: ClientConfig): Promise<Snapshot> {
  const client = new Client(config);
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    // A server that waits for a password would keep us for a minute.
    void client.end().catch(() => undefined);
    throw error;
  }
  try {
    await client.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL row_security = off; SET LOCAL timezone = 'UTC';
        SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1;
        SET LOCAL bytea_output = 'hex'; SET LOCAL idle_in_transaction_session_timeout = 0`,
    );
    const { rows } = await client.query<AppliedMigration>(
      'SELECT name, digest FROM schema_version ORDER BY version',
    );
    return {
      migrations: rows,
      tables: await backupTables(client),
      pages: (table) => pagesOf(client, table),
      journalHead: () => journalHead(client),
      close: () => client.end(),
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

const asText = (value: string) => value;

async function journalHead(client: ClientBase): Promise<JournalHead> {
  const { rows } = await client.query<{ generation: number; size: string; head: Buffer }>(
    'SELECT generation, size, head FROM journal_head',
  );
  const [row] = rows;
  if (!row) throw new RangeError('The journal has no head.');
  return {
    generation: row.generation,
    size: Number(row.size),
    head: row.head,
  };
}

async function* pagesOf(client: ClientBase, table: BackupTable): AsyncIterable<readonly TextRow[]> {
  const rows = await rowsPerPage(client, table);
  const columns = table.columns.map(escapeIdentifier).join(', ');
  await client.query(
    `DECLARE backup NO SCROLL CURSOR FOR SELECT ${columns} FROM ${escapeIdentifier(table.name)}`,
  );
  for (;;) {
    const page = await client.query<(string | null)[]>({
      text: `FETCH ${rows} FROM backup`,
      rowMode: 'array',
      types: { getTypeParser: () => asText },
    });
    if (page.rows.length === 0) break;
    yield page.rows;
  }
  await client.query('CLOSE backup');
}

/** By the largest row there is, as nothing says where in the table it comes. Lengths alone; no value is read. */
async function rowsPerPage(client: ClientBase, { name, columns }: BackupTable): Promise<number> {
  const { rows: types } = await client.query<{ column: string; bytes: boolean }>(
    `SELECT a.attname AS column, coalesce(nullif(t.typbasetype, 0), t.oid) = 'bytea'::regtype AS bytes
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = $1::regclass AND a.attnum > 0`,
    [escapeIdentifier(name)],
  );
  const bytes = new Set(types.filter((type) => type.bytes).map((type) => type.column));
  const lengths = columns.map((column) => {
    const quoted = escapeIdentifier(column);
    // In text a byte is two characters.
    return bytes.has(column)
      ? `coalesce(2 * octet_length(${quoted}), 0)`
      : `coalesce(octet_length(${quoted}::text), 0)`;
  });
  const { rows } = await client.query<{ largest: string | null }>(
    `SELECT max(${lengths.join(' + ')}) AS largest FROM ${escapeIdentifier(name)}`,
  );
  const largest = Number(rows[0]?.largest ?? 0);
  return Math.min(mostRows, Math.max(1, Math.floor(pageSize / Math.max(1, largest))));
}
