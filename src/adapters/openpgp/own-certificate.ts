/**
 * Certificates that this installation made itself and pinned: of its operator, its keyholder, its sender. They come from
 * no stranger, never expire, and are read where strangers' must not be (P3).
 */
import { readKey } from 'openpgp';
import type { Certificate } from '../../membership/certificate.ts';
import { certificateOf } from './certificate-of.ts';
import { type PublicKeyMaterial, readPublicKey } from './key-material.ts';
import { openpgpConfig } from './openpgp-config.ts';
import { openpgpError } from './openpgp-error.ts';
import { packetTag, readPackets } from './packets.ts';

/** A primary key, a user id, a subkey and their signatures, with room. */
const maximumPackets = 20;

/** Rejects with `certificate-unreadable` when the bytes are no certificate. */
export async function readOwnCertificate(bytes: Uint8Array): Promise<Certificate> {
  const key = await readKey({ binaryKey: bytes, config: openpgpConfig }).catch(() => undefined);
  if (key) return certificateOf(key);
  throw openpgpError('certificate-unreadable', 'A pinned certificate cannot be read.');
}

/** The subkeys of a certificate of ours, which are for encryption; none when it is no certificate. */
export function ownEncryptionKeys(certificate: Uint8Array): readonly PublicKeyMaterial[] {
  return readPackets(certificate, maximumPackets).packets.flatMap(({ tag, body }) => {
    const key = tag === packetTag.publicSubkey && body ? readPublicKey(body) : undefined;
    return key ? [key] : [];
  });
}
