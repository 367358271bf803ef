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

/**
 * Why nothing may be sealed to a certificate. `weak`: below RSA-2048, or an algorithm RFC 9580 §9 deprecates. `unreadable`:
 * whoever reads certificates could make nothing of it, or ended over it.
 */
export type CertificateFault =
  | 'expired'
  | 'revoked'
  | 'weak'
  | 'no-encryption-key'
  | 'unsupported-version'
  | 'not-yet-valid'
  | 'unreadable';

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

/**
 * A certificate with what it is good for. `encryptionKeys` are bodies of its key packets (RFC 9580 §5.5.2) in the order of
 * the use's key ids, for wrapping without taking the certificate apart again; none when it is unusable. All of it holds
 * from the one moment until just before the other; undefined: always, in that direction.
 */
export type ExaminedCertificate = Readonly<{
  certificate: Certificate;
  use: CertificateUse;
  encryptionKeys: readonly Uint8Array[];
  holds: Readonly<{ from: Instant | undefined; until: Instant | undefined }>;
}>;

/**
 * How much of a certificate comes back from whoever reads it. `own-word`: only what its primary key has signed, and the
 * keys that it has bound; nothing of strangers, nothing whose signature fails.
 */
export type CertificateExtent = 'whole' | 'own-word';

/**
 * Port: every certificate in binary or armoured bytes, examined as of `now`; what cannot be read is left out. It works on
 * hostile bytes and so in the child, where the lists' keys are not (P3).
 */
export type ExamineCertificates = (
  bytes: Uint8Array,
  now: Instant,
  extent?: CertificateExtent,
) => Promise<readonly ExaminedCertificate[]>;

/** A known certificate, and what another copy of it adds. Where it adds nothing, these are the known one itself. */
export type MergedCertificate = Readonly<{
  /** With its revocations alone: they only ever take away. */
  revoked: Certificate;
  /** With every signature: what makes it last longer, or shorter, too. */
  whole: Certificate;
  /** Ids of keys that only the other copy has. They are in neither. */
  furtherKeys: readonly string[];
}>;

/** Port: by packets alone, so that nothing known is dropped and no key comes in, whoever took the other copy apart. */
export type MergeCertificate = (known: Certificate, copy: Certificate) => MergedCertificate;
