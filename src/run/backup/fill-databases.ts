import type { ClientConfig } from 'pg';
import type { BackupTable } from '../../adapters/postgres/backup/backup-table.ts';
import { openRestoration, type Restoration } from '../../adapters/postgres/backup/restoration.ts';
import type { TextRow } from '../../adapters/postgres/backup/snapshot.ts';
import type { Which } from '../../adapters/postgres/names.ts';
import { damaged } from './backup-fault.ts';
import type { BackupHeader, TableLine } from './backup-format.ts';
import { readBackup } from './read-backup.ts';

/** Both databases, each in its open transaction: nothing of them counts before their commits. */
export type Filled = Readonly<Record<Which, Restoration>> & Readonly<{ close: () => Promise<void> }>;

export type Filling = Readonly<{
  file: string;
  header: BackupHeader;
  access: (which: Which) => ClientConfig;
  rolePrefix: string;
  progress: (rows: number, table: string) => void;
}>;

/** Reads the file once more, checking it once more: it may not be the one that was checked. */
export async function fillDatabases(filling: Filling): Promise<Filled> {
  const open = (which: Which) =>
    openRestoration({
      config: filling.access(which),
      which,
      rolePrefix: filling.rolePrefix,
      version: filling.header.migrations[which].length,
    });
  const ofPrivate = await open('private');
  try {
    const ofPublic = await open('public');
    const filled = {
      private: ofPrivate,
      public: ofPublic,
      close: async () => void (await Promise.all([ofPrivate.close(), ofPublic.close()])),
    };
    try {
      await fillFrom(filling, filled);
      return filled;
    } catch (error) {
      await ofPublic.close();
      throw error;
    }
  } catch (error) {
    await ofPrivate.close();
    throw error;
  }
}

/** Rows and characters that are collected before they are handed over. */
const mostRows = 500;
const mostCharacters = 8 * 1_024 * 1_024;

async function fillFrom({ file, header, progress }: Filling, filled: Filled): Promise<void> {
  let into: Readonly<{ restoration: Restoration; table: BackupTable; name: string }> | undefined;
  let rows: TextRow[] = [];
  let characters = 0;
  let done = 0;
  const flush = async () => {
    if (into && rows.length > 0) await into.restoration.insert(into.table, rows);
    done += rows.length;
    if (into) progress(done, into.name);
    rows = [];
    characters = 0;
  };
  for await (const part of readBackup(file)) {
    if (part.kind === 'header' && part.header.journal.head !== header.journal.head)
      throw damaged('it was exchanged while it was read');
    if (part.kind === 'table') {
      await flush();
      into = { ...place(part.table, filled), name: `${part.table.database}.${part.table.table}` };
    }
    if (part.kind === 'row') {
      rows.push(part.row);
      characters += part.row.reduce((sum, value) => sum + (value?.length ?? 0), 0);
      if (rows.length >= mostRows || characters >= mostCharacters) await flush();
    }
  }
  await flush();
  for (const which of ['private', 'public'] as const) await filled[which].finish();
}

/** Names of tables and columns become statements: only those that the schema has. */
function place({ database, table, columns }: TableLine, filled: Filled) {
  const restoration = filled[database];
  const found = restoration.tables.find(({ name }) => name === table);
  if (!found || columns.some((column) => !found.columns.includes(column))) {
    throw damaged(`its schema has no table ${table} with these columns`);
  }
  return { restoration, table: { name: table, columns } };
}
