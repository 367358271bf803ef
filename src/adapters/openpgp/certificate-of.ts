import type { Key, PublicKey } from 'openpgp';
import type { Certificate } from '../../membership/certificate.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';

/** The public half of a key that the library has read, in the one form that it writes. */
export function certificateOf(key: Key | PublicKey): Certificate {
  return {
    fingerprint: key.getFingerprint().toUpperCase(),
    bytes: key.toPublic().write(),
    userIds: key.getUserIDs(),
    createdAt: instantFromMilliseconds(key.getCreationTime().getTime()),
  };
}
