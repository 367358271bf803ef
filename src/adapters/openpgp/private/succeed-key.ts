/** What an old key of ours says last: who comes after it, or that it must not be trusted any more. */
import { enums, revokeKey } from 'openpgp';
import type { Instant } from '../../../time/instant.ts';
import { openpgpConfig } from '../openpgp-config.ts';
import type { PrivateKey } from './private-key.ts';

/**
 * The successor's secret key, binary, with the old key's certification on its user id (RFC 9580 §5.2.1.4): whoever has
 * the old certificate can tell that the new one is no stranger's.
 */
export async function certifiedBy(old: PrivateKey, successor: PrivateKey, now: Instant): Promise<Uint8Array> {
  const certified = await successor.library.signPrimaryUser(
    [old.library],
    new Date(now),
    undefined,
    openpgpConfig,
  );
  return certified.write();
}

/** Whether `key` bears a certification that names `other` as its issuer. It is our own file: nothing is proved by it. */
export function bearsCertificationOf(key: PrivateKey, other: PrivateKey): boolean {
  const id = other.library.getKeyID();
  return key.library.users.some(({ otherCertifications }) =>
    otherCertifications.some(({ issuerKeyID }) => issuerKeyID.equals(id)),
  );
}

/** The certificate with its revocation, binary: "key material has been compromised" (RFC 9580 §5.2.3.31). */
export async function revokedCertificate(key: PrivateKey, now: Instant): Promise<Uint8Array> {
  const { publicKey } = await revokeKey({
    key: key.library,
    reasonForRevocation: { flag: enums.reasonForRevocation.keyCompromised, string: '' },
    date: new Date(now),
    format: 'object',
    config: openpgpConfig,
  });
  return publicKey.write();
}
