/**
 * Puts a backup in the place of both databases (T6): the file is checked whole before anything is touched, each database
 * changes in one transaction, and what comes of it is a new generation that acts on nothing before people have looked.
 * Killed at any moment it leaves the old databases, or a word that it has to be run again.
 */
import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { generationOf, makeNewGeneration } from '../../adapters/postgres/backup/new-generation.ts';
import { readMigrations } from '../../adapters/postgres/migrations.ts';
import type { Which } from '../../adapters/postgres/names.ts';
import type { JournalHead } from '../../message/ports.ts';
import type { Instant } from '../../time/instant.ts';
import { journalGuard } from '../keyholder/journal-guard.ts';
import { backupFault } from './backup-fault.ts';
import type { BackupHeader } from './backup-format.ts';
import { type Filled, fillDatabases } from './fill-databases.ts';
import { journalHeadFile, tellKeyholder } from './keyholder-memory.ts';
import { checkBackup } from './read-backup.ts';
import { syncDirectory } from './write-backup.ts';

/** A file that can be restored here, and what would be lost by it. */
export type Examined = Readonly<{
  file: string;
  header: BackupHeader;
  rows: number;
  remembered: JournalHead | undefined;
}>;

export type RestorePlace = Readonly<{
  access: (which: Which) => ClientConfig;
  rolePrefix: string;
  keyholderDirectory: string;
  /** SHA-256 of this installation's statement key. */
  keyholder: string;
}>;

/** Throws a BackupFault with the sentence why not. Nothing is changed. */
export async function examineBackup(
  file: string,
  { keyholder, keyholderDirectory }: Pick<RestorePlace, 'keyholder' | 'keyholderDirectory'>,
  progress?: (rows: number) => void,
): Promise<Examined> {
  const { header, rows } = await checkBackup(file, progress);
  for (const which of ['private', 'public'] as const) refuseOtherSchema(header, which);
  if (header.keyholder !== keyholder) {
    throw backupFault(
      'This backup belongs to other keys than those here, which could open nothing of it. Bring the keys and the pins of its installation here first: embargod key import',
    );
  }
  const remembered = await journalGuard(journalHeadFile(keyholderDirectory)).remembered();
  return { file, header, rows, remembered };
}

/** An older schema is restored as it was and then brought up to date; one that we do not know is not touched. */
function refuseOtherSchema({ migrations }: BackupHeader, which: Which): void {
  const known = readMigrations(which);
  const theirs = migrations[which];
  if (theirs.length === 0) throw backupFault(`The backup has no schema of the ${which} database.`);
  if (theirs.length > known.length) {
    throw backupFault(
      `The backup has schema ${theirs.length} of the ${which} database; this program knows up to ${known.length}: install the version of embargod that made it, or a newer one.`,
    );
  }
  const other = theirs.find((one, index) => one.digest !== known[index]?.digest);
  if (other) {
    throw backupFault(
      `The backup’s schema was made by another migration ${other.name} than ours: it comes from a changed or unreleased version of embargod. Restore it with that one.`,
    );
  }
}

export type Restoring = Readonly<{
  place: RestorePlace;
  now: Instant;
  progress: (rows: number, of: number, table: string) => void;
  /** Says, until it is removed, that a restore has begun to count and not ended. */
  marker: string;
}>;

/** Where the journal stands afterwards. */
export async function restoreBackup(examined: Examined, restoring: Restoring): Promise<JournalHead> {
  const { place, marker, progress } = restoring;
  const generation = await nextGeneration(examined, place);
  const filled = await fillDatabases({
    file: examined.file,
    header: examined.header,
    access: place.access,
    rolePrefix: place.rolePrefix,
    progress: (rows, table) => progress(rows, examined.rows, table),
  });
  try {
    const head = await makeNewGeneration(filled.private.client, generation);
    mustBeTheHeaders(head, examined.header);
    await writeFile(marker, `${examined.file}\n`, { mode: 0o644, flush: true });
    await syncDirectory(dirname(marker));
    await commitAll(filled);
    await tellKeyholder(place.keyholderDirectory, head, {
      generation,
      at: restoring.now,
      backupAt: examined.header.at,
      sizeBefore: examined.remembered?.size,
    });
    await rm(marker);
    await syncDirectory(dirname(marker));
    return head;
  } finally {
    await filled.close();
  }
}

/** The private one last: until then the keyholder takes what is there for what it wrote. */
async function commitAll(filled: Filled): Promise<void> {
  await filled.public.commit();
  await filled.private.commit();
}

function mustBeTheHeaders(head: JournalHead, { journal }: BackupHeader): void {
  if (head.size === journal.size && Buffer.from(head.head).toString('hex') === journal.head) return;
  throw backupFault('The backup’s journal is not the one that its header names. Nothing was changed.');
}

/** Above every generation that anybody may remember, so that no two histories ever share one. */
async function nextGeneration({ header, remembered }: Examined, place: RestorePlace): Promise<number> {
  const client = new Client(place.access('private'));
  client.on('error', () => undefined);
  await client.connect();
  try {
    const there = await generationOf(client);
    return Math.max(header.journal.generation, remembered?.generation ?? 1, there ?? 1) + 1;
  } finally {
    await client.end();
  }
}
