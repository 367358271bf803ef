/**
 * Private keys in memory. Only the keyholder, the operator's command line and tests may reach this folder; intake, sender
 * and the child must not (I3), and a test of the architecture says so.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type PrivateKey as LibraryKey, readPrivateKey as readWithLibrary } from 'openpgp';
import type { Certificate } from '../../../membership/certificate.ts';
import { certificateOf } from '../certificate-of.ts';
import { montgomeryPrivate } from '../curves.ts';
import { type PublicKeyMaterial, readPublicKey } from '../key-material.ts';
import { openpgpConfig } from '../openpgp-config.ts';
import { openpgpError } from '../openpgp-error.ts';
import { readMpi } from '../packets.ts';

/** What opens session-key packets to one key. */
export type DecryptionKey = Readonly<{
  public: PublicKeyMaterial;
  secret:
    | Readonly<{ kind: 'node'; key: KeyObject }>
    /** Of a NIST or Brainpool curve, big-endian. */
    | Readonly<{ kind: 'scalar'; scalar: Uint8Array }>;
}>;

export type PrivateKey = Readonly<{
  certificate: Certificate;
  /** Newest first, expired ones too: mail in flight is still opened (K6). */
  decryptionKeys: readonly DecryptionKey[];
  /** For signing only; nothing outside this folder uses it. */
  library: LibraryKey;
}>;

/** `bytes`: a binary transferable secret key without passphrase; the file around it is encrypted instead. */
export async function readPrivateKey(bytes: Uint8Array): Promise<PrivateKey> {
  const library = await readWithLibrary({ binaryKey: bytes, config: openpgpConfig }).catch(() => {
    throw openpgpError('key-unreadable', 'A private key file holds no OpenPGP secret key.');
  });
  if (!library.isDecrypted()) {
    throw openpgpError('key-unreadable', 'The secret key is locked with a passphrase of its own.');
  }
  const usable = await library.getDecryptionKeys(undefined, null, undefined, openpgpConfig).catch(() => []);
  const decryptionKeys = usable
    .map((one) => decryptionKeyOf(one.keyPacket.write()))
    .filter((key) => key !== undefined);
  return { certificate: certificateOf(library), decryptionKeys, library };
}

/** RFC 9580 §5.5.3: public part, a zero for "not encrypted", then the secret numbers. */
function decryptionKeyOf(body: Uint8Array): DecryptionKey | undefined {
  const key = readPublicKey(body);
  if (key === undefined || body[key.end] !== 0) return undefined;
  const secret = body.subarray(key.end + 1);
  const { material } = key;
  switch (material.kind) {
    case 'rsa':
      return { public: key, secret: { kind: 'node', key: rsaPrivate(material.key, secret) } };
    case 'montgomery':
      return {
        public: key,
        secret: {
          kind: 'node',
          key: montgomeryPrivate(material.curve, secret.subarray(0, material.point.length)),
        },
      };
    case 'ecdh': {
      const scalar = readMpi(secret, 0)?.number;
      if (scalar === undefined) return undefined;
      if (material.curve.kind === 'weierstrass') return { public: key, secret: { kind: 'scalar', scalar } };
      return { public: key, secret: { kind: 'node', key: montgomeryPrivate('x25519', reversed(scalar)) } };
    }
    case 'other':
      return undefined;
  }
}

/** cv25519 secrets are stored as big-endian numbers (RFC 9580 §5.5.5.6), without leading zeros. */
function reversed(scalar: Uint8Array): Uint8Array {
  const little = new Uint8Array(32);
  little.set(scalar.toReversed());
  return little;
}

/** §5.5.5.1: d, p, q and u = p⁻¹ mod q. With p and q exchanged that is the coefficient that RFC 8017 wants. */
function rsaPrivate(publicKey: KeyObject, secret: Uint8Array): KeyObject {
  const numbers: Uint8Array[] = [];
  for (let at = 0; numbers.length < 4; ) {
    const mpi = readMpi(secret, at);
    if (mpi === undefined) throw openpgpError('key-unreadable', 'An RSA secret key is incomplete.');
    numbers.push(mpi.number);
    at = mpi.end;
  }
  const [d, p, q, u] = numbers.map((number) => BigInt(`0x${Buffer.from(number).toString('hex')}`));
  if (d === undefined || p === undefined || q === undefined || u === undefined) throw new RangeError('RSA');
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const text = (number: bigint) => {
    const hex = number.toString(16);
    return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
  };
  const jwk = { kty: 'RSA', n, e, d: text(d), p: text(q), q: text(p) };
  const exponents = { dp: text(d % (q - 1n)), dq: text(d % (p - 1n)), qi: text(u) };
  return createPrivateKey({ key: { ...jwk, ...exponents }, format: 'jwk' });
}
