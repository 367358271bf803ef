import type { Instant } from '../time/instant.ts';

/**
 * An OpenPGP public key (RFC 9580 §10.1) bound to a person or a list. `bytes` is the binary transferable public key,
 * never a secret one. Whether it can be used depends on the moment: ask `CertificateUse` with a `now`.
 */
export type Certificate = Readonly<{
  /** Of the primary key, upper-case hexadecimal: 40 digits for v4. */
  fingerprint: string;
  bytes: Uint8Array;
  userIds: readonly string[];
  createdAt: Instant;
}>;

/** Why nothing may be sealed to a certificate. `weak`: below RSA-2048, or an algorithm RFC 9580 §9 deprecates. */
export type CertificateFault =
  | 'expired'
  | 'revoked'
  | 'weak'
  | 'no-encryption-key'
  | 'unsupported-version'
  | 'not-yet-valid';

/** What a certificate is good for at one moment. */
export type CertificateUse =
  | Readonly<{
      kind: 'usable';
      /** Ids of every encryption key that a copy is wrapped to (R7), upper-case hexadecimal, 16 digits. */
      encryptionKeyIds: readonly string[];
      /** The moment from which the last of them is no longer usable; undefined when none expires. */
      expiresAt: Instant | undefined;
    }>
  | Readonly<{ kind: 'unusable'; fault: CertificateFault }>;
