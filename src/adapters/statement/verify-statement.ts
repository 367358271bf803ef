/**
 * Checks the keyholder's word about rows (P5, A6). Needs its public key only, so that intake and sender can ask without
 * reaching any private key.
 */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';

export type VerifyStatement = (bytes: Uint8Array, signature: Uint8Array) => boolean;

/** DER before the 32 raw bytes of an Ed25519 public key (RFC 8410 §4). */
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const publicKeyLength = 32;
const signatureLength = 64;
/** Attack: rows without end would fill our memory with what was found genuine. Far above any list's readers. */
const maximumRemembered = 8_192;

/**
 * False for anything wrong, a malformed key included. `publicKey`: 32 bytes, raw. What was found genuine is remembered by a
 * hash over signature and bytes: a reader's row is looked at before each of their copies, and is the same for months.
 */
export function statementVerifier(publicKey: Uint8Array): VerifyStatement {
  const key = readKey(publicKey);
  const genuine = new Set<string>();
  return (bytes, signature) => {
    if (key === undefined || signature.length !== signatureLength) return false;
    // The signature has one length, so that no other pair gives the same bytes.
    const digest = hash('sha256', Buffer.concat([signature, bytes]), 'base64');
    if (genuine.has(digest)) return true;
    if (!isGenuine(key, bytes, signature)) return false;
    const [oldest] = genuine;
    if (genuine.size >= maximumRemembered && oldest !== undefined) genuine.delete(oldest);
    genuine.add(digest);
    return true;
  };
}

/** For one question. */
export function verifyStatement(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  return statementVerifier(publicKey)(bytes, signature);
}

function isGenuine(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(undefined, bytes, key, signature);
  } catch {
    return false;
  }
}

function readKey(publicKey: Uint8Array): KeyObject | undefined {
  if (publicKey.length !== publicKeyLength) return undefined;
  try {
    return createPublicKey({ key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
