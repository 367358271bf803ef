/** Seals mail in clear to `sender`'s pinned certificate (R3), so that it does not rest or cross a connection in clear (I2). */
import type { SealedToSender } from '../../message/ports.ts';
import type { SealToSender } from '../../message/seal/sealing-tools.ts';
import { ownEncryptionKeys } from './own-certificate.ts';
import { sealMessage } from './seal-message.ts';

/** `certificate`: binary, as it is pinned. Sealing rejects with `no-usable-certificate` when it is none. */
export function createSenderSealer(certificate: Uint8Array): SealToSender {
  const keys = ownEncryptionKeys(certificate);
  return async (mail) => sealMessage(mail, keys) as Uint8Array as SealedToSender;
}
