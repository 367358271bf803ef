/**
 * The plain Ed25519 key in a certificate of ours, for who checks the operator's word without OpenPGP: public-keeper has
 * nothing else to do with it (docs/design/0010-moderation.md).
 */
import { packetTag, readMpi, readPacket } from './packets.ts';

/** RFC 9580 §9.2, with its length before it. */
const curve = Buffer.from('092b06010401da470f01', 'hex');
const eddsaLegacy = 22;
const headLength = 6;

export type Ed25519Part = Readonly<{
  /** 32 bytes, raw (RFC 8032 §5.1.5). */
  publicKey: Uint8Array;
  /** Where the public part ends; in a secret key packet the secret part follows. */
  end: number;
}>;

/** Of a version 4 primary key; undefined for any other. `generateKey` makes no other. */
export function ed25519Part(body: Uint8Array): Ed25519Part | undefined {
  const oidEnd = headLength + curve.length;
  if (body[0] !== 4 || body[headLength - 1] !== eddsaLegacy) return undefined;
  if (!curve.equals(body.subarray(headLength, oidEnd))) return undefined;
  const point = readMpi(body, oidEnd);
  // RFC 9580 §11.2: the native point stands behind 0x40.
  if (point?.number.length !== 33 || point.number[0] !== 0x40) return undefined;
  return { publicKey: point.number.subarray(1), end: point.end };
}

/** `certificate`: binary, as it is pinned. */
export function ed25519OfCertificate(certificate: Uint8Array): Uint8Array | undefined {
  const first = readPacket(certificate, 0);
  if (first?.tag !== packetTag.publicKey || !first.body) return undefined;
  return ed25519Part(first.body)?.publicKey;
}
