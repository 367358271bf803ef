import { formatInstant } from '../../time/instant.ts';
import type { Restored } from './restored.ts';

/** What the database forgot, in one sentence for people. */
export function describeLoss({
  backupAt,
  sizeBefore,
  size,
}: Pick<Restored, 'backupAt' | 'sizeBefore' | 'size'>): string {
  const since =
    backupAt === undefined
      ? 'everything since a backup of unknown age'
      : `everything after ${formatInstant(backupAt)}`;
  if (sizeBefore === undefined) return `${since}; how much that is, nobody knows`;
  const entries = Math.max(0, sizeBefore - size);
  return `${since}: ${entries} ${entries === 1 ? 'entry' : 'entries'} of the journal`;
}
