/**
 * Everything that a story leaves lying about, as somebody finds it who has the machine but not the keyholder's memory:
 * rows of both databases as a superuser dumps them, PostgreSQL's files, WAL, log and statistics, our own files and log.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Client } from 'pg';
import type { Which } from '../../src/adapters/postgres/names.ts';
import type { DatabasePair } from './database-pair.ts';
import type { RunningList } from './running-list.ts';

export type Find = Readonly<{ place: string; dresses: readonly string[] }>;
export type Finder = (bytes: Buffer) => readonly string[];

const both: readonly Which[] = ['private', 'public'];
const newLine = Buffer.from('\n');

/** A terse log leaves parameters out, which stand in a line's detail. */
const talkative = [
  "log_statement = 'all'",
  "log_error_verbosity = 'default'",
  "log_min_messages = 'info'",
  "log_min_error_statement = 'info'",
  'log_parameter_max_length = -1',
  'log_parameter_max_length_on_error = -1',
];

/**
 * Makes PostgreSQL as talkative as it gets, for every process of ours: each statement and each bind parameter goes
 * whole to its log (K3), and no column is compressed, so that its files can be read.
 */
export async function tellAll(databases: DatabasePair): Promise<void> {
  for (const which of both) {
    await asSuperuser(databases, which, async (client) => {
      const { rows } = await client.query('SELECT current_database() AS name');
      const name = client.escapeIdentifier(String(rows[0]?.name));
      for (const setting of talkative) await client.query(`ALTER DATABASE ${name} SET ${setting}`);
      const columns = await client.query(
        `SELECT format('ALTER TABLE %s ALTER COLUMN %I SET STORAGE EXTERNAL', attrelid::regclass, attname) AS sql
           FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
          WHERE relkind = 'r' AND attstorage = 'x' AND NOT attisdropped
            AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)`,
      );
      for (const { sql } of columns.rows) await client.query(String(sql));
    });
  }
}

/** Rows of every table, ours and PostgreSQL's own (its samples of values too), and every statistics view. */
export async function searchTables(databases: DatabasePair, find: Finder): Promise<readonly Find[]> {
  const finds: Find[] = [];
  for (const which of both) {
    await asSuperuser(databases, which, async (client) => {
      await client.query('ANALYZE');
      const relations = await client.query(
        `SELECT oid::regclass::text AS name FROM pg_class
          WHERE relkind IN ('r', 'm', 'p', 'S') OR (relkind = 'v' AND relname LIKE 'pg_stat%') ORDER BY 1`,
      );
      for (const { name } of relations.rows) {
        const { rows, fields } = await client.query(`SELECT * FROM ${name}`);
        for (const { name: column } of fields) {
          const dresses = find(Buffer.concat(rows.flatMap((row) => [bytesOf(row[column]), newLine])));
          if (dresses.length > 0) finds.push({ place: `${which} ${name}.${column}`, dresses });
        }
      }
    });
  }
  return finds;
}

/** Files of these two databases and those that the cluster shares, WAL since `since`, and PostgreSQL's own log. */
export async function searchCluster(list: RunningList, since: Date, find: Finder): Promise<readonly Find[]> {
  await list.query('CHECKPOINT');
  const [settings] = await list.query('SHOW data_directory');
  const data = String(settings?.data_directory);
  const { privateDatabase, publicDatabase } = list.databases.names;
  const ours = (
    await list.query('SELECT oid::text FROM pg_database WHERE datname = ANY($1)', [
      [privateDatabase, publicDatabase],
    ])
  ).map((row) => `base/${row.oid}/`);
  const concerns = async (path: string) => {
    const name = relative(data, path);
    if (name.startsWith('base/')) return ours.some((prefix) => name.startsWith(prefix));
    return !name.startsWith('pg_wal/') || (await stat(path)).mtime >= since;
  };
  const files = await searchFiles(data, find, concerns);
  const log = await searchFiles(dirname(data), find, async (path) => path.endsWith('.log'));
  return [...files, ...log];
}

/** Every file below; of a folder that goes while we look, what was seen of it. The first must be there. */
async function* filesBelow(directory: string): AsyncGenerator<string> {
  const waiting = [directory];
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' || folder === directory) throw error;
      return [];
    });
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) yield path;
    }
  }
}

/** Other stories run in the same cluster: a file, or a whole database, may go while we look. */
export async function searchFiles(
  directory: string,
  find: Finder,
  concerns: (path: string) => Promise<boolean> = async () => true,
): Promise<readonly Find[]> {
  const finds: Find[] = [];
  for await (const path of filesBelow(directory)) {
    try {
      if (!(await concerns(path))) continue;
      const dresses = find(await readFile(path));
      if (dresses.length > 0) finds.push({ place: relative(directory, path), dresses });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return finds;
}

function bytesOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

async function asSuperuser(databases: DatabasePair, which: Which, work: (client: Client) => Promise<void>) {
  const client = new Client(databases.superuser(which));
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
