/**
 * Checks the keyholder's word about rows (P5, A6). Needs its public key only, so that intake and sender can ask without
 * reaching any private key.
 */
import { createPublicKey, verify } from 'node:crypto';

/** DER before the 32 raw bytes of an Ed25519 public key (RFC 8410 §4). */
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const publicKeyLength = 32;
const signatureLength = 64;

/** False for anything wrong, a malformed key included. `publicKey`: 32 bytes, raw. */
export function verifyStatement(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== publicKeyLength || signature.length !== signatureLength) return false;
  const der = Buffer.concat([publicPrefix, publicKey]);
  try {
    return verify(undefined, bytes, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
  } catch {
    return false;
  }
}
