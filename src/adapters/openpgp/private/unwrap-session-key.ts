/**
 * Opens session-key packets with node:crypto. RSA decryption there uses implicit rejection (OpenSSL 3.2 and later): a bad
 * padding yields a random message in the same time, so nobody learns from us whether their padding was right.
 */
import { constants, privateDecrypt } from 'node:crypto';
import type { SessionKey } from '../../../message/open/opened.ts';
import { recoverMontgomery, recoverWeierstrass } from '../curves.ts';
import { ecdhWrappingKey, montgomeryWrappingKey, unwrapKey } from '../key-wrap.ts';
import { packetTag, readMpi, readPacket } from '../packets.ts';
import { keyIdOf, wildcardKeyId } from '../read-encrypted.ts';
import { decodeSessionKey, sessionKeyOf, unpadEncoded } from '../session-key.ts';
import type { DecryptionKey } from './private-key.ts';

/** Asymmetric operations for one message, whatever the child asks: TECH, PKESK flood. */
const maximumAttempts = 24;

/** The child keeps at most two; counted again here, as the child is not trusted (P3). */
const maximumWildcards = 2;

export type SessionKeyPacket = Readonly<{ keyId: string; bytes: Uint8Array }>;

/** The first session key that any of the keys opens. Packets that name a key come before wildcards. */
export function sessionKeyFromPackets<Key extends DecryptionKey>(
  packets: readonly SessionKeyPacket[],
  keys: readonly Key[],
): Readonly<{ sessionKey: SessionKey; key: Key }> | undefined {
  const parsed = packets
    .map(({ bytes }) => readPacket(bytes, 0))
    .filter((packet) => packet?.tag === packetTag.publicKeySessionKey)
    .flatMap((packet) => (packet?.body === undefined ? [] : [{ keyId: keyIdOf(packet), body: packet.body }]));
  const wildcards = parsed.filter((packet) => packet.keyId === wildcardKeyId).slice(0, maximumWildcards);
  let attempts = 0;
  for (const packet of [...parsed.filter((one) => one.keyId !== wildcardKeyId), ...wildcards]) {
    for (const key of keys) {
      if (packet.keyId !== wildcardKeyId && packet.keyId !== key.public.keyId) continue;
      if (++attempts > maximumAttempts) return undefined;
      const sessionKey = unwrapSessionKey(key, packet.body);
      if (sessionKey !== undefined) return { sessionKey, key };
    }
  }
  return undefined;
}

/** `body` of one packet. Undefined when this key does not open it. Never throws: the bytes are hostile. */
export function unwrapSessionKey(key: DecryptionKey, body: Uint8Array): SessionKey | undefined {
  const hasAlgorithm = body[0] === 3;
  const algorithmAt = hasAlgorithm ? 9 : 2 + (body[1] ?? 0);
  if (body[algorithmAt] !== key.public.algorithm) return undefined;
  try {
    return decrypt(key, body.subarray(algorithmAt + 1), hasAlgorithm);
  } catch {
    // A point that is not on the curve, a number too large for the modulus: not for us.
    return undefined;
  }
}

function decrypt(key: DecryptionKey, fields: Uint8Array, hasAlgorithm: boolean): SessionKey | undefined {
  const { material } = key.public;
  const { secret } = key;
  switch (material.kind) {
    case 'rsa': {
      const encrypted = readMpi(fields, 0)?.number;
      if (encrypted === undefined || secret.kind !== 'node') return undefined;
      // RFC 8017 §7.2.2: as long as the modulus, which the MPI's missing zeros made shorter.
      const whole = new Uint8Array(Math.ceil(material.bits / 8));
      whole.set(encrypted, whole.length - encrypted.length);
      const padding = constants.RSA_PKCS1_PADDING;
      return decodeSessionKey(privateDecrypt({ key: secret.key, padding }, whole), hasAlgorithm);
    }
    case 'ecdh': {
      const ephemeral = readMpi(fields, 0);
      if (ephemeral === undefined) return undefined;
      const shared =
        secret.kind === 'node'
          ? recoverMontgomery('x25519', secret.key, ephemeral.number.subarray(1))
          : recoverWeierstrass(curveName(key), secret.scalar, ephemeral.number);
      const wrappingKey = ecdhWrappingKey(key.public, shared);
      const size = fields[ephemeral.end] ?? 0;
      const wrapped = fields.subarray(ephemeral.end + 1, ephemeral.end + 1 + size);
      const padded = wrappingKey && unwrapKey(wrappingKey, wrapped);
      const encoded = padded && unpadEncoded(padded);
      return encoded && decodeSessionKey(encoded, hasAlgorithm);
    }
    case 'montgomery': {
      if (secret.kind !== 'node') return undefined;
      const { curve, point } = material;
      const ephemeral = fields.subarray(0, point.length);
      const shared = recoverMontgomery(curve, secret.key, ephemeral);
      const wrappingKey = montgomeryWrappingKey(curve, ephemeral, point, shared);
      const rest = fields.subarray(point.length + 1, point.length + 1 + (fields[point.length] ?? 0));
      const bytes = unwrapKey(wrappingKey, hasAlgorithm ? rest.subarray(1) : rest);
      return bytes && sessionKeyOf(hasAlgorithm ? rest[0] : undefined, bytes);
    }
    case 'other':
      return undefined;
  }
}

function curveName(key: DecryptionKey): string {
  const { material } = key.public;
  return material.kind === 'ecdh' && material.curve.kind === 'weierstrass' ? material.curve.name : '';
}
