/** Backups of a story's databases, and their way back, as the command line does both. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { MadeBackup } from '../../src/run/backup/make-backup.ts';
import { makeBackup } from '../../src/run/backup/make-backup.ts';
import { examineBackup, restoreBackup } from '../../src/run/backup/restore-backup.ts';
import type { RunningList } from './running-list.ts';

export function placeOf(list: RunningList) {
  return {
    access: list.databases.superuser,
    rolePrefix: list.databases.names.rolePrefix,
    keyholder: createHash('sha256').update(list.keyholderPin).digest('hex'),
    keyholderDirectory: join(list.directory, 'keyholder'),
  };
}

export function backUpStory(list: RunningList, name: string): Promise<MadeBackup & { file: string }> {
  const file = join(list.directory, name);
  return makeBackup({ ...placeOf(list), file, clock: list.now, progress: () => undefined }).then((made) => ({
    ...made,
    file,
  }));
}

/** Restores; the keyholder is started again by the caller. */
export async function restoreStory(list: RunningList, file: string) {
  const place = placeOf(list);
  const head = await restoreBackup(await examineBackup(file, place), {
    place,
    now: list.now(),
    progress: () => undefined,
    marker: join(list.directory, 'restore-unfinished'),
  });
  // The server was stopped for it: no connection outlives it. Waited for, or a pool hands one out that is just ending.
  await list.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = ANY ($1) AND usename <> current_user`,
    [[list.databases.names.privateDatabase, list.databases.names.publicDatabase]],
  );
  await list.query('SELECT 1');
  return head;
}
