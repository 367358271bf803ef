/** Deriving the key-encryption key of a session-key packet, and wrapping with it (RFC 9580 §11.5, §5.1.6; RFC 3394). */
import { createCipheriv, createDecipheriv, createSecretKey, hash as digestOf, hkdfSync } from 'node:crypto';
import { joinBytes } from '../../mail/bytes.ts';
import type { PublicKeyMaterial } from './key-material.ts';

/** RFC 9580 §9.5; the hashes that §11.5.1 lets a KDF use. */
const hashNames: Readonly<Record<number, string>> = { 8: 'sha256', 9: 'sha384', 10: 'sha512' };

/** RFC 9580 §9.3, AES only: key sizes in bytes. */
const keySizes: Readonly<Record<number, 16 | 24 | 32>> = { 7: 16, 8: 24, 9: 32 };

const anonymousSender = new TextEncoder().encode('Anonymous Sender    ');

/** Undefined when the key asks for a hash or cipher that RFC 9580 does not allow there. */
export function ecdhWrappingKey(key: PublicKeyMaterial, shared: Uint8Array): Uint8Array | undefined {
  if (key.material.kind !== 'ecdh') return undefined;
  const { oid, hash, cipher } = key.material;
  const hashName = hashNames[hash];
  const size = keySizes[cipher];
  if (hashName === undefined || size === undefined) return undefined;
  // RFC 9580 §11.5: 00000001 ‖ Z ‖ parameters.
  const input = joinBytes(
    Uint8Array.of(0, 0, 0, 1),
    shared,
    oid,
    Uint8Array.of(key.algorithm, 3, 1, hash, cipher),
    anonymousSender,
    key.fingerprint,
  );
  return digestOf(hashName, input, 'buffer').subarray(0, size);
}

/** RFC 9580 §5.1.6, §5.1.7. */
export function montgomeryWrappingKey(
  curve: 'x25519' | 'x448',
  ephemeral: Uint8Array,
  recipient: Uint8Array,
  shared: Uint8Array,
): Uint8Array {
  const input = joinBytes(ephemeral, recipient, shared);
  const [hash, label, size] =
    curve === 'x25519'
      ? (['sha256', 'OpenPGP X25519', 16] as const)
      : (['sha512', 'OpenPGP X448', 32] as const);
  return new Uint8Array(hkdfSync(hash, input, new Uint8Array(0), label, size));
}

/** RFC 3394 §2.2.3.1. */
const initialValue = new Uint8Array(8).fill(0xa6);

export function wrapKey(wrappingKey: Uint8Array, key: Uint8Array): Uint8Array {
  // Given bytes, Node takes four times as long to find out what they are as the wrapping itself needs.
  const secret = createSecretKey(wrappingKey);
  const cipher = createCipheriv(`id-aes${wrappingKey.length * 8}-wrap`, secret, initialValue);
  return joinBytes(cipher.update(key), cipher.final());
}

/** Undefined when the wrapping key is another one. */
export function unwrapKey(wrappingKey: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined {
  try {
    const cipher = createDecipheriv(`id-aes${wrappingKey.length * 8}-wrap`, wrappingKey, initialValue);
    return joinBytes(cipher.update(wrapped), cipher.final());
  } catch {
    return undefined;
  }
}
