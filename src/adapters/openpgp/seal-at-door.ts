/**
 * Seals an accepted mail to the list's storage certificate (K2), with nothing but node:crypto: this stands between
 * DATA and `250`, so it must keep up with what SMTP accepts. What comes out is an OpenPGP message that gpg can open too.
 */
import type { Sealed } from '../../message/ports.ts';
import type { Instant } from '../../time/instant.ts';
import { createCertificateCache } from './certificate-cache.ts';
import { sealMessage } from './seal-message.ts';

/** `storageCertificate` is binary, as a `DoorRow` has it. Rejects with `no-usable-certificate`: answer 4xx then. */
export type SealAtDoor = (bytes: Uint8Array, storageCertificate: Uint8Array, now: Instant) => Promise<Sealed>;

export function createDoorSealer(): SealAtDoor {
  const cache = createCertificateCache();
  return async (bytes, storageCertificate, now) =>
    sealMessage(bytes, (await cache.assess(storageCertificate, now)).encryptionKeys);
}
