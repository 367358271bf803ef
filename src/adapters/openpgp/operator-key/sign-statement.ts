/**
 * A plain Ed25519 signature by the operator key, for public-keeper (P7). An OpenPGP signature of the same key is over a
 * 64-byte hash (RFC 9580 §5.2.4): what is signed here is longer and begins with a line of its own, so that neither is ever
 * the other.
 */
import { createPrivateKey, sign } from 'node:crypto';
import { ed25519Part } from '../ed25519-public.ts';
import { openpgpError } from '../openpgp-error.ts';
import { packetTag, readMpi, readPacket } from '../packets.ts';

/** DER before the 32 bytes of an Ed25519 secret (RFC 8410 §7). */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const secretLength = 32;

/** `secret`: the operator key's file. Throws `key-unreadable` when it holds no key of ours. */
export function signStatement(secret: Uint8Array, bytes: Uint8Array): Uint8Array {
  const first = readPacket(secret, 0);
  const body = first?.tag === packetTag.secretKey ? first.body : undefined;
  const end = body && ed25519Part(body)?.end;
  // RFC 9580 §5.5.3: a zero for "not encrypted", then the secret as a number, without leading zeros.
  const number = body && end !== undefined && body[end] === 0 ? readMpi(body, end + 1)?.number : undefined;
  if (number === undefined || number.length > secretLength) {
    throw openpgpError('key-unreadable', 'The operator key’s file holds no key that `embargod init` made.');
  }
  const raw = Buffer.alloc(secretLength);
  raw.set(number, secretLength - number.length);
  const key = createPrivateKey({ key: Buffer.concat([privatePrefix, raw]), format: 'der', type: 'pkcs8' });
  return sign(undefined, bytes, key);
}
