import { chown, copyFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JournalHead } from '../../message/ports.ts';
import { journalGuard, restoreNoteFile } from '../keyholder/journal-guard.ts';
import { writeOwnerFile } from '../keyholder/owner-file.ts';
import { type RestoreNote, writeRestoreNote } from '../keyholder/restore-note.ts';
import { syncDirectory } from './write-backup.ts';

/** Where the keyholder remembers the journal's head, outside the database (T6). */
export function journalHeadFile(keyholderDirectory: string): string {
  return join(keyholderDirectory, 'journal-head');
}

/**
 * Tells the keyholder, where no database can, that this journal of this generation is now the true one. What it
 * remembered before stays beside it, for people. All files go to the directory's owner.
 */
export async function tellKeyholder(directory: string, head: JournalHead, note: RestoreNote): Promise<void> {
  const file = journalHeadFile(directory);
  const { uid, gid } = await stat(directory);
  const former = `${file}.before-generation-${head.generation}`;
  const kept = await copyFile(file, former).then(
    () => [former],
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return [];
    },
  );
  // The note first: a head without it would be believed with nothing to tell people.
  await writeOwnerFile(restoreNoteFile(file), writeRestoreNote(note));
  await journalGuard(file).remember(head);
  for (const path of [file, restoreNoteFile(file), ...kept]) await chown(path, uid, gid);
  await syncDirectory(dirname(file));
}
