/** Packets that no program writes, well encrypted to a list: what a stranger with a hex editor can send. */
import assert from 'node:assert/strict';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { encryptSessionKey, readKey } from 'openpgp';
import { encryptBody } from '../../src/adapters/openpgp/integrity-protected.ts';
import { packetTag, writePacket } from '../../src/adapters/openpgp/packets.ts';
import { freshSessionKey } from '../../src/adapters/openpgp/session-key.ts';
import type { FoundedList } from './founded-list.ts';

/** RFC 9580 §9.4. */
const compression = { zip: 1, zlib: 2 } as const;

/** So many bytes of nothing, compressed. */
export function compressedLiteral(length: number, kind: keyof typeof compression): Uint8Array {
  const data = writePacket(packetTag.literal, Buffer.from('b\0\0\0\0\0'), Buffer.alloc(length, 0x61));
  return compressed(data, kind);
}

export function compressed(packets: Uint8Array, kind: keyof typeof compression): Uint8Array {
  const squeezed =
    kind === 'zip' ? deflateRawSync(packets, { level: 9 }) : deflateSync(packets, { level: 9 });
  return writePacket(packetTag.compressed, Uint8Array.of(compression[kind]), squeezed);
}

/** Compressed again and again. */
export function nested(packets: Uint8Array, times: number): Uint8Array {
  let wrapped = packets;
  for (let count = 0; count < times; count += 1) wrapped = compressed(wrapped, 'zlib');
  return wrapped;
}

/** These packets inside an encryption to the list, its one session-key packet behind `before`; armoured. */
export async function sealPackets(
  list: FoundedList,
  packets: Uint8Array,
  before: readonly Uint8Array[] = [],
  options: Readonly<{ wildcard?: boolean }> = {},
): Promise<string> {
  const encryptionKeys = await readKey({
    binaryKey: await list.gpg.exportPublic('linux-distros@lists.example.org'),
  });
  const sessionKey = freshSessionKey();
  const wrapped: unknown = await encryptSessionKey({
    data: sessionKey.bytes,
    algorithm: sessionKey.algorithm,
    encryptionKeys,
    format: 'binary',
    ...options,
  });
  assert.ok(wrapped instanceof Uint8Array);
  return armoured(Buffer.concat([...before, wrapped, encryptBody(sessionKey, [packets])]));
}

/** A session-key packet (RFC 9580 §5.1.1) for some Curve25519 key, of numbers that open nothing. */
export function sessionKeyPacket(keyId: string, number: number): Uint8Array {
  const point = Buffer.alloc(33, number).fill(0x40, 0, 1);
  const head = Buffer.concat([Uint8Array.of(3), Buffer.from(keyId, 'hex'), Uint8Array.of(18)]);
  const encrypted = Buffer.concat([Uint8Array.of(1, 7), point, Uint8Array.of(48), Buffer.alloc(48, number)]);
  return writePacket(packetTag.publicKeySessionKey, head, encrypted);
}

export function armoured(bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\r\n');
  return `-----BEGIN PGP MESSAGE-----\r\n\r\n${lines}\r\n-----END PGP MESSAGE-----\r\n`;
}
