/**
 * Seals an accepted mail to the list's storage certificate (K2), with nothing but node:crypto: this stands between
 * DATA and `250`, so it must keep up with what SMTP accepts. What comes out is an OpenPGP message that gpg can open too.
 */
import type { Sealed } from '../../message/ports.ts';
import { type Instant, instantFromMilliseconds } from '../../time/instant.ts';
import { createCertificateCache } from './certificate-cache.ts';
import { examineCertificates } from './examine-certificates.ts';
import { readPacket } from './packets.ts';
import { sealMessage } from './seal-message.ts';

/** `storageCertificate` is binary, as a `DoorRow` has it. Rejects with `no-usable-certificate`: answer 4xx then. */
export type SealAtDoor = (bytes: Uint8Array, storageCertificate: Uint8Array, now: Instant) => Promise<Sealed>;

export function createDoorSealer(): SealAtDoor {
  const cache = createCertificateCache(examineCertificates);
  return async (bytes, storageCertificate, now) => {
    const { use, encryptionKeys } = await cache.assess(storageCertificate, now);
    // T5: a clock that ran ahead when the month's key was made, or runs behind now, must not shut the door for weeks;
    // the keyholder signed the door row, and its certificate's own date proves nothing more.
    const early = use.kind === 'unusable' && use.fault === 'not-yet-valid';
    const keys = early
      ? (await cache.assess(storageCertificate, createdAt(storageCertificate))).encryptionKeys
      : encryptionKeys;
    return sealMessage(bytes, keys);
  };
}

/** RFC 9580 §5.5.2.2: after the version octet, the seconds at which the primary key was made. */
function createdAt(certificate: Uint8Array): Instant {
  const body = readPacket(certificate, 0)?.body ?? new Uint8Array(5);
  return instantFromMilliseconds(
    new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(1) * 1000,
  );
}
