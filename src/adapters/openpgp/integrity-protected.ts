/** The encrypted body (RFC 9580 §5.13.1): SEIPD version 1, which every GnuPG since 2001 reads. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { SessionKey } from '../../message/open/opened.ts';
import { packetHeader, packetTag } from './packets.ts';

const blockSize = 16;
const digestSize = 20;
/** Header of the modification detection code packet (§5.14). */
const detectionHeader = Uint8Array.of(0xd3, 0x14);
const overhead = blockSize + 2 + detectionHeader.length + digestSize;
const zeroes = new Uint8Array(blockSize);
/** What the cipher gives is copied into its place; all of a large mail at once would lie there once more. */
const encryptedAtOnce = 256 * 1024;

function cipherName(key: SessionKey): string {
  return `aes-${key.bytes.length * 8}-cfb`;
}

/**
 * Encrypts packets given in pieces, without ever holding them joined; yields the whole packet, header included, behind
 * what is to stand before it.
 */
export function encryptBody(
  key: SessionKey,
  pieces: readonly Uint8Array[],
  before: Uint8Array = new Uint8Array(),
): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const header = packetHeader(packetTag.integrityProtected, 1 + length + overhead);
  const packet = new Uint8Array(before.length + header.length + 1 + length + overhead);
  packet.set(before);
  packet.set(header, before.length);
  let offset = before.length + header.length;
  packet[offset++] = 1;

  const cipher = createCipheriv(cipherName(key), createSecretKey(key.bytes), zeroes);
  const digest = createHash('sha1');
  const write = (piece: Uint8Array) => {
    for (let from = 0; from < piece.length; from += encryptedAtOnce) {
      const encrypted = cipher.update(piece.subarray(from, from + encryptedAtOnce));
      packet.set(encrypted, offset);
      offset += encrypted.length;
    }
  };
  const prefix = randomBytes(blockSize + 2);
  prefix.copyWithin(blockSize, blockSize - 2, blockSize);
  for (const piece of [prefix, ...pieces, detectionHeader]) {
    digest.update(piece);
    write(piece);
  }
  write(digest.digest());
  return packet;
}

/** The packets inside; `body` is the SEIPD packet's content. Undefined when it is damaged, or another key's. */
export function decryptBody(key: SessionKey, body: Uint8Array): Uint8Array | undefined {
  if (body[0] !== 1 || body.length < 1 + overhead) return undefined;
  const decrypted = createDecipheriv(cipherName(key), key.bytes, zeroes).update(body.subarray(1));
  const end = decrypted.length - digestSize;
  const digest = createHash('sha1').update(decrypted.subarray(0, end)).digest();
  if (!timingSafeEqual(digest, decrypted.subarray(end))) return undefined;
  const plain = decrypted.subarray(blockSize + 2, end - detectionHeader.length);
  return decrypted[end - 2] === detectionHeader[0] && decrypted[end - 1] === detectionHeader[1]
    ? plain
    : undefined;
}

/** A literal packet (§5.9) in binary form without name and date: header only, as the data may be large. */
export function literalHeader(length: number): Uint8Array {
  const fields = Uint8Array.of(0x62, 0, 0, 0, 0, 0);
  const header = packetHeader(packetTag.literal, fields.length + length);
  const whole = new Uint8Array(header.length + fields.length);
  whole.set(header);
  whole.set(fields, header.length);
  return whole;
}
