/**
 * Public key packets read by ourselves (RFC 9580 §5.5.2, §5.5.5), for wrapping session keys with node:crypto (B5).
 * Whether a key may be used at all is decided elsewhere, by openpgp.js and our policy.
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { type Curve, curveOf, type Montgomery, montgomeryPublic } from './curves.ts';
import { minimumRsaBits } from './openpgp-config.ts';
import { readMpi } from './packets.ts';

export const keyAlgorithm = {
  rsa: 1,
  rsaEncryptOnly: 2,
  rsaSignOnly: 3,
  elgamal: 16,
  dsa: 17,
  ecdh: 18,
  ecdsa: 19,
  eddsaLegacy: 22,
  x25519: 25,
  x448: 26,
  ed25519: 27,
  ed448: 28,
} as const;

export type KeyMaterial =
  | Readonly<{ kind: 'rsa'; bits: number; key: KeyObject }>
  | Readonly<{
      kind: 'ecdh';
      curve: Curve;
      /** The OID with its length byte, as the KDF hashes it. */
      oid: Uint8Array;
      point: Uint8Array;
      /** Of cv25519 only: made once, as making it costs a third of a wrap. */
      key: KeyObject | undefined;
      hash: number;
      cipher: number;
    }>
  | Readonly<{ kind: 'montgomery'; curve: Montgomery; point: Uint8Array; key: KeyObject }>
  | Readonly<{ kind: 'other' }>;

export type PublicKeyMaterial = Readonly<{
  version: number;
  algorithm: number;
  fingerprint: Uint8Array;
  /** Upper-case hexadecimal, 16 digits. */
  keyId: string;
  keyIdBytes: Uint8Array;
  material: KeyMaterial;
  /** Where the public part ends; in a secret key packet the secret part follows. */
  end: number;
}>;

const headLength = 6;

/** Body of a public key or subkey packet, or the beginning of a secret one's. Undefined unless it is a whole v4 key. */
export function readPublicKey(body: Uint8Array): PublicKeyMaterial | undefined {
  const algorithm = body[headLength - 1];
  if (body[0] !== 4 || algorithm === undefined) return undefined;
  const read = readMaterial(algorithm, body);
  if (read === undefined) return undefined;
  const fingerprint = fingerprintV4(body.subarray(0, read.end));
  const keyIdBytes = fingerprint.subarray(-8);
  return {
    version: 4,
    algorithm,
    fingerprint,
    keyIdBytes,
    keyId: upperHex(keyIdBytes),
    material: read.material,
    end: read.end,
  };
}

/** RFC 9580 §9.1, §12: what openpgp.js lets through and we do not is told apart here, for its own fault. */
export function isStrong(material: PublicKeyMaterial): boolean {
  const deprecated = [16, 17, 20, 21];
  if (deprecated.includes(material.algorithm)) return false;
  return material.material.kind !== 'rsa' || material.material.bits >= minimumRsaBits;
}

/** RFC 9580 §5.5.4.2. */
export function fingerprintV4(publicPart: Uint8Array): Uint8Array {
  const length = publicPart.length;
  return createHash('sha1')
    .update(Uint8Array.of(0x99, length >> 8, length & 0xff))
    .update(publicPart)
    .digest();
}

export function upperHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

type Read = Readonly<{ material: KeyMaterial; end: number }> | undefined;

function readMaterial(algorithm: number, body: Uint8Array): Read {
  switch (algorithm) {
    case keyAlgorithm.rsa:
    case keyAlgorithm.rsaEncryptOnly:
    case keyAlgorithm.rsaSignOnly:
      return readRsa(body);
    case keyAlgorithm.ecdh:
      return readEcdh(body);
    case keyAlgorithm.x25519:
      return readMontgomery('x25519', 32, body);
    case keyAlgorithm.x448:
      return readMontgomery('x448', 56, body);
    case keyAlgorithm.ed25519:
      return { material: { kind: 'other' }, end: headLength + 32 };
    case keyAlgorithm.ed448:
      return { material: { kind: 'other' }, end: headLength + 57 };
    case keyAlgorithm.ecdsa:
    case keyAlgorithm.eddsaLegacy:
      return skipMpis(body, headLength + 1 + (body[headLength] ?? 0), 1);
    case keyAlgorithm.dsa:
      return skipMpis(body, headLength, 4);
    case keyAlgorithm.elgamal:
      return skipMpis(body, headLength, 3);
    default:
      return { material: { kind: 'other' }, end: body.length };
  }
}

function skipMpis(body: Uint8Array, start: number, count: number): Read {
  let end = start;
  for (let i = 0; i < count; i++) {
    const mpi = readMpi(body, end);
    if (mpi === undefined) return undefined;
    end = mpi.end;
  }
  return { material: { kind: 'other' }, end };
}

function readRsa(body: Uint8Array): Read {
  const modulus = readMpi(body, headLength);
  const exponent = modulus && readMpi(body, modulus.end);
  if (modulus === undefined || exponent === undefined) return undefined;
  const n = Buffer.from(modulus.number).toString('base64url');
  const e = Buffer.from(exponent.number).toString('base64url');
  const bits = modulus.number.length * 8 - Math.clz32(modulus.number[0] ?? 0) + 24;
  try {
    const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    return { material: { kind: 'rsa', bits, key }, end: exponent.end };
  } catch {
    return undefined;
  }
}

function readEcdh(body: Uint8Array): Read {
  const oidEnd = headLength + 1 + (body[headLength] ?? 0);
  const oid = body.subarray(headLength, oidEnd);
  const point = readMpi(body, oidEnd);
  if (point === undefined || point.end + 4 > body.length) return undefined;
  const curve = curveOf(oid.subarray(1));
  const [size, reserved, hash, cipher] = body.subarray(point.end);
  if (size !== 3 || reserved !== 1 || hash === undefined || cipher === undefined) return undefined;
  const end = point.end + 4;
  if (curve === undefined) return { material: { kind: 'other' }, end };
  // RFC 9580 §11.2: a cv25519 point is written with the prefix 0x40.
  const raw = point.number.subarray(1);
  if (curve.kind === 'cv25519' && raw.length !== 32) return undefined;
  const key = curve.kind === 'cv25519' ? montgomeryPublic('x25519', raw) : undefined;
  return { material: { kind: 'ecdh', curve, oid, point: point.number, key, hash, cipher }, end };
}

function readMontgomery(curve: Montgomery, size: number, body: Uint8Array): Read {
  const end = headLength + size;
  if (end > body.length) return undefined;
  const point = body.subarray(headLength, end);
  return { material: { kind: 'montgomery', curve, point, key: montgomeryPublic(curve, point) }, end };
}
