import { type Instant, second } from '../../time/instant.ts';
import type { Request } from '../requests/request.ts';

/**
 * A restored database (T6, I12): what it had forgotten when it came back, and what administrators have confirmed since.
 * Until all of it is confirmed it is frozen: mail comes in and waits, and nothing else happens.
 */
export type Restored = Readonly<{
  /** Grows with each restore; the database's own must never be ahead of it. */
  generation: number;
  /** When the restore was made: no signature of before acts again. */
  at: Instant;
  /** The moment that the backup shows. Undefined where nobody told. */
  backupAt: Instant | undefined;
  /** Entries that the journal had come to before, as far as the keyholder remembers. */
  sizeBefore: number | undefined;
  /** Entries of the backup's own journal. */
  size: number;
  /** Whose rights were taken away after the backup, and again at the restore: `alice@debian.example (Debian), suspended`. */
  withdrawn: readonly string[];
  confirmed: ReadonlySet<RestorePart>;
}>;

/** `roster`: who reads now is right. `purges`: what was purged since is purged again. `outbox`: what was on its way. */
export type RestorePart = 'roster' | 'purges' | 'outbox';
export const restoreParts: readonly RestorePart[] = ['roster', 'purges', 'outbox'];

type Known = Readonly<{ restored: Restored | undefined }>;

export function isFrozen({ restored }: Known): boolean {
  return restored !== undefined && restoreParts.some((part) => !restored.confirmed.has(part));
}

/** What the operator may ask meanwhile: to look, to take rights away, and to confirm. */
const whileFrozen: ReadonlySet<Request['kind']> = new Set([
  'restore-show',
  'restore-confirm',
  'list-show',
  'list-check',
  'member-list',
  'representative-suspend',
  'representative-remove',
  'certificate-check',
  'journal-verify',
]);

/** Why a request is not carried out now; undefined when it may be. */
export function frozenFault(kind: Request['kind'], known: Known): string | undefined {
  if (!isFrozen(known) || whileFrozen.has(kind)) return undefined;
  return 'The database was restored from a backup and is frozen until people have confirmed what it says. See: embargod restore show';
}

/** Signatures tell whole seconds: what was signed in the very second of the restore counts as signed after it. */
export function isOlderThanRestore(
  signedAt: Instant,
  { restored }: Readonly<{ restored: Readonly<{ at: Instant }> | undefined }>,
): boolean {
  return restored !== undefined && signedAt + second <= restored.at;
}
