import type { Instant } from '../../time/instant.ts';
import type { RestorePart } from './restored.ts';

/** What a restore is in the journal (T6): its first entry after the backup's last, and each confirmation. */
export type RestoreEvent =
  | Readonly<{
      kind: 'database-restored';
      generation: number;
      at: Instant;
      backupAt: Instant | undefined;
      sizeBefore: number | undefined;
      size: number;
      withdrawn: readonly string[];
      /** Entries whose details no key opens any more, as a purge after the backup destroyed it (K6). */
      lost: readonly number[];
    }>
  /** `by`: id of the administrator who signed it; undefined where no list had one. */
  | Readonly<{
      kind: 'restore-confirmed';
      generation: number;
      part: RestorePart;
      by: string | undefined;
      at: Instant;
    }>;
