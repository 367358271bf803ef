/** The curves a session key may be wrapped with, and the Diffie-Hellman over them, by node:crypto. */
import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

/** `name` as OpenSSL knows it. */
export type Curve = Readonly<{ kind: 'cv25519' }> | Readonly<{ kind: 'weierstrass'; name: string }>;

/** RFC 9580 §9.2, by the OID's hexadecimal digits. secp256k1 is not among them (policy). */
const curves: Readonly<Record<string, Curve>> = {
  '2b060104019755010501': { kind: 'cv25519' },
  '2a8648ce3d030107': { kind: 'weierstrass', name: 'prime256v1' },
  '2b81040022': { kind: 'weierstrass', name: 'secp384r1' },
  '2b81040023': { kind: 'weierstrass', name: 'secp521r1' },
  '2b2403030208010107': { kind: 'weierstrass', name: 'brainpoolP256r1' },
  '2b240303020801010b': { kind: 'weierstrass', name: 'brainpoolP384r1' },
  '2b240303020801010d': { kind: 'weierstrass', name: 'brainpoolP512r1' },
};

export function curveOf(oid: Uint8Array): Curve | undefined {
  return curves[Buffer.from(oid).toString('hex')];
}

/** DER before the raw 32 or 56 bytes of a key (RFC 8410 §4, §7). */
const publicPrefix = {
  x25519: Buffer.from('302a300506032b656e032100', 'hex'),
  x448: Buffer.from('3042300506032b656f033900', 'hex'),
};
const privatePrefix = {
  x25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
  x448: Buffer.from('3046020100300506032b656f043a0438', 'hex'),
};

export type Montgomery = 'x25519' | 'x448';

export type Agreement = Readonly<{
  /** Our fresh public point, as it goes into the packet. */
  ephemeral: Uint8Array;
  shared: Uint8Array;
}>;

/** A fresh ephemeral key against somebody's public point. Throws when that has no use (RFC 7748 §6.1: an all-zero secret). */
export function agreeMontgomery(curve: Montgomery, publicKey: KeyObject): Agreement {
  const pair = curve === 'x25519' ? generateKeyPairSync('x25519') : generateKeyPairSync('x448');
  return {
    // A JWK's `x` is the raw point. OpenSSL's DER encoder would take twenty times as long.
    ephemeral: Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
    shared: diffieHellman({ privateKey: pair.privateKey, publicKey }),
  };
}

export function agreeWeierstrass(name: string, publicPoint: Uint8Array): Agreement {
  const ephemeral = createECDH(name);
  ephemeral.generateKeys();
  return { ephemeral: ephemeral.getPublicKey(), shared: ephemeral.computeSecret(publicPoint) };
}

/** `scalar` is little-endian, as RFC 7748 has it. */
export function montgomeryPrivate(curve: Montgomery, scalar: Uint8Array): KeyObject {
  const key = Buffer.concat([privatePrefix[curve], scalar]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** The reader's side. */
export function recoverMontgomery(
  curve: Montgomery,
  privateKey: KeyObject,
  ephemeral: Uint8Array,
): Uint8Array {
  return diffieHellman({ privateKey, publicKey: montgomeryPublic(curve, ephemeral) });
}

export function recoverWeierstrass(name: string, scalar: Uint8Array, ephemeral: Uint8Array): Uint8Array {
  const key = createECDH(name);
  key.setPrivateKey(scalar);
  return key.computeSecret(ephemeral);
}

export function montgomeryPublic(curve: Montgomery, point: Uint8Array): KeyObject {
  const key = Buffer.concat([publicPrefix[curve], point]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}
