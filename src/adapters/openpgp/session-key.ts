/** Session keys as they stand inside a session-key packet (RFC 9580 §5.1.3 and following). */
import { randomBytes } from 'node:crypto';
import { joinBytes } from '../../mail/bytes.ts';
import type { SessionKey } from '../../message/open/opened.ts';

/** RFC 9580 §9.3. Nothing but AES is made or opened: other ciphers are long deprecated. */
const algorithms = { aes128: 7, aes192: 8, aes256: 9 } as const;
const sizes = { aes128: 16, aes192: 24, aes256: 32 } as const;

export function freshSessionKey(): SessionKey {
  return { algorithm: 'aes256', bytes: randomBytes(sizes.aes256) };
}

export function cipherNumber(key: SessionKey): number {
  return algorithms[key.algorithm];
}

/** Algorithm, key and checksum (§5.1.3). */
export function encodeSessionKey(key: SessionKey): Uint8Array {
  const sum = checksumOf(key.bytes);
  return joinBytes(Uint8Array.of(cipherNumber(key)), key.bytes, Uint8Array.of(sum >> 8, sum & 0xff));
}

/** `hasAlgorithm` is false in version 6 packets, where the body names it. */
export function decodeSessionKey(encoded: Uint8Array, hasAlgorithm: boolean): SessionKey | undefined {
  const bytes = encoded.slice(hasAlgorithm ? 1 : 0, -2);
  const sum = checksumOf(bytes);
  if (encoded.at(-2) !== sum >> 8 || encoded.at(-1) !== (sum & 0xff)) return undefined;
  return sessionKeyOf(hasAlgorithm ? encoded[0] : undefined, bytes);
}

/** Undefined when the size does not fit; with no number, the size tells the cipher. */
export function sessionKeyOf(number: number | undefined, bytes: Uint8Array): SessionKey | undefined {
  for (const algorithm of ['aes128', 'aes192', 'aes256'] as const) {
    const fits = number === undefined || number === algorithms[algorithm];
    if (fits && bytes.length === sizes[algorithm]) return { algorithm, bytes };
  }
  return undefined;
}

/** RFC 9580 §11.5: PKCS #5 padding to a multiple of eight. */
export function padEncoded(encoded: Uint8Array): Uint8Array {
  const padding = 8 - (encoded.length % 8);
  return joinBytes(encoded, new Uint8Array(padding).fill(padding));
}

/** §11.5 lets senders pad further than they need, to hide the key's size. */
export function unpadEncoded(padded: Uint8Array): Uint8Array | undefined {
  const padding = padded.at(-1) ?? 0;
  if (padding === 0 || padding >= padded.length) return undefined;
  const rest = padded.subarray(-padding);
  return rest.every((byte) => byte === padding) ? padded.subarray(0, -padding) : undefined;
}

function checksumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => (sum + byte) & 0xffff, 0);
}
