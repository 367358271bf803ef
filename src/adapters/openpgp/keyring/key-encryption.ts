/** What protects the key files: AES-256-GCM under a key from the passphrase, derived once at start (scrypt, RFC 7914). */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';

/** 128 MiB and about half a second, once: a stolen directory is to be slow to guess at. */
const cost = 2 ** 17;
const blockSize = 8;
const memoryLimit = 256 * 1024 * 1024;

const keySize = 32;
const nonceSize = 12;
const tagSize = 16;

export function newSalt(): Uint8Array {
  return randomBytes(16);
}

export function deriveKey(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
  const options = { N: cost, r: blockSize, p: 1, maxmem: memoryLimit };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, keySize, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** Nonce, ciphertext, tag. Random 96-bit nonces serve for 2^32 sealings under one key (NIST SP 800-38D §8.3). */
export function sealWithKey(key: Uint8Array, plain: Uint8Array, associated: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceSize);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Undefined when key, associated data or bytes are not those of the sealing. */
export function openWithKey(
  key: Uint8Array,
  sealed: Uint8Array,
  associated: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < nonceSize + tagSize) return undefined;
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceSize));
  cipher.setAAD(associated).setAuthTag(sealed.subarray(-tagSize));
  try {
    return Buffer.concat([cipher.update(sealed.subarray(nonceSize, -tagSize)), cipher.final()]);
  } catch {
    return undefined;
  }
}
