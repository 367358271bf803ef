import { copyFile, lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JournalHead } from '../../message/ports.ts';
import { journalGuard, restoreNoteFile } from '../keyholder/journal-guard.ts';
import { writeOwnerFile } from '../keyholder/owner-file.ts';
import { type RestoreNote, writeRestoreNote } from '../keyholder/restore-note.ts';
import { withRightsOf } from '../with-rights-of.ts';
import { syncDirectory } from './write-backup.ts';

/** Where the keyholder remembers the journal's head, outside the database (T6). */
export function journalHeadFile(keyholderDirectory: string): string {
  return join(keyholderDirectory, 'journal-head');
}

/**
 * Tells the keyholder, where no database can, that this journal of this generation is now the true one. What it
 * remembered before stays beside it, for people. All of it is the directory's owner's, and done with their rights.
 */
export async function tellKeyholder(directory: string, head: JournalHead, note: RestoreNote): Promise<void> {
  await withRightsOf(await lstat(directory), () => writeMemory(directory, head, note));
}

async function writeMemory(directory: string, head: JournalHead, note: RestoreNote): Promise<void> {
  const file = journalHeadFile(directory);
  const former = `${file}.before-generation-${head.generation}`;
  await copyFile(file, former).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  // The note first: a head without it would be believed with nothing to tell people.
  await writeOwnerFile(restoreNoteFile(file), writeRestoreNote(note));
  await journalGuard(file).remember(head);
  await syncDirectory(dirname(file));
}
