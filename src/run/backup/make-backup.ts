import type { ClientConfig } from 'pg';
import { openSnapshot, type Snapshot } from '../../adapters/postgres/backup/snapshot.ts';
import type { Which } from '../../adapters/postgres/names.ts';
import type { Instant } from '../../time/instant.ts';
import { type BackupHeader, formatVersion, tableName } from './backup-format.ts';
import { writeBackup } from './write-backup.ts';

export type BackupTask = Readonly<{
  file: string;
  /** As a role that row security does not bind. */
  access: (which: Which) => ClientConfig;
  /** SHA-256 of the keyholder's statement key, hexadecimal. */
  keyholder: string;
  clock: () => Instant;
  progress: (done: number, of: number, what: string) => void;
}>;

export type MadeBackup = Readonly<{ bytes: number; rows: number; at: Instant; size: number }>;

/** Both databases as they are now, while the server goes on. */
export async function makeBackup(task: BackupTask): Promise<MadeBackup> {
  const ofPrivate = await openSnapshot(task.access('private'));
  try {
    const ofPublic = await openSnapshot(task.access('public'));
    try {
      // After both snapshots: whatever is in them is older.
      const at = task.clock();
      const journal = await ofPrivate.journalHead();
      const count = { rows: 0 };
      const header = {
        format: 'embargod-backup',
        version: formatVersion,
        // To the millisecond: a mail of the same second must not seem younger.
        at: new Date(at).toISOString(),
        keyholder: task.keyholder,
        journal: { ...journal, head: Buffer.from(journal.head).toString('hex') },
        migrations: { private: ofPrivate.migrations, public: ofPublic.migrations },
      };
      const bytes = await writeBackup(
        task.file,
        linesOf(header, { private: ofPrivate, public: ofPublic }, task, count),
      );
      return { bytes, rows: count.rows, at, size: journal.size };
    } finally {
      await ofPublic.close();
    }
  } finally {
    await ofPrivate.close();
  }
}

async function* linesOf(
  header: Readonly<Record<keyof BackupHeader, unknown>>,
  snapshots: Readonly<Record<Which, Snapshot>>,
  { progress }: BackupTask,
  count: { rows: number },
): AsyncIterable<string> {
  yield JSON.stringify(header);
  const tables = (['private', 'public'] as const).flatMap((database) =>
    snapshots[database].tables.map((table) => ({ database, table })),
  );
  for (const [index, { database, table }] of tables.entries()) {
    const line = { database, table: table.name, columns: table.columns };
    progress(index, tables.length, tableName(line));
    yield JSON.stringify(line);
    for await (const page of snapshots[database].pages(table)) {
      count.rows += page.length;
      for (const row of page) yield JSON.stringify(row);
    }
  }
  progress(tables.length, tables.length, 'all of it');
}
