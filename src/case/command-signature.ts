import { type Duration, hour, type Instant, minute, second } from '../time/instant.ts';

/** A2: an older signature may be somebody's who found it, or wait in a queue for the wrong day. */
export const longestSignatureAge: Duration = 72 * hour;
/** Clocks of honest people run a little ahead; a signature of tomorrow would outlive its 72 hours. */
const clockSkew: Duration = 5 * minute;

/** `spent`: digests that carried commands before. What a restore made the journal forget may be among them (I12). */
export type SignaturesBefore = Readonly<{
  spent: Readonly<{ has: (digest: string) => boolean }>;
  restored: Readonly<{ at: Instant }> | undefined;
}>;

/** Why a valid signature gives no command now; undefined when it does. */
export function signatureFault(
  signature: Readonly<{ signedAt: Instant; digest: string }>,
  now: Instant,
  { spent, restored }: SignaturesBefore,
): string | undefined {
  if (spent.has(signature.digest)) return 'this signature has carried commands before; sign anew';
  if (signature.signedAt > now + clockSkew)
    return 'its signature is dated in the future; set your clock and sign anew';
  if (now - signature.signedAt > longestSignatureAge)
    return 'its signature is older than 72 hours; sign anew';
  // It tells whole seconds.
  if (restored !== undefined && signature.signedAt + second <= restored.at)
    return 'it was signed before the database was restored from a backup; sign anew';
  return undefined;
}
