/** Opens what `seal-at-door.ts` sealed: our own format only, and only with storage keys (K1). */
import { decryptBody } from '../integrity-protected.ts';
import { openpgpError } from '../openpgp-error.ts';
import { packetTag, readPacket } from '../packets.ts';
import { readEncrypted } from '../read-encrypted.ts';
import type { PrivateKey } from './private-key.ts';
import { sessionKeyFromPackets } from './unwrap-session-key.ts';

/** Throws `not-for-this-key` or `damaged`. */
export function openAtRest(sealed: Uint8Array, key: PrivateKey): Uint8Array {
  const message = readEncrypted(sealed);
  if (message.kind === 'problem') throw damaged();
  const found = sessionKeyFromPackets(message.sessionKeyPackets, key.decryptionKeys);
  if (found === undefined) {
    throw openpgpError(
      'not-for-this-key',
      'A sealed row was sealed to another storage key. Is its month’s key in the key directory?',
    );
  }
  const body = readPacket(message.body, 0)?.body;
  const packets = body && decryptBody(found.sessionKey, body);
  const literal = packets && readPacket(packets, 0);
  if (literal?.tag !== packetTag.literal || literal.body === undefined) throw damaged();
  // RFC 9580 §5.9: format, name with its length, date, data.
  return literal.body.subarray(6 + (literal.body[1] ?? 0));
}

function damaged(): Error {
  return openpgpError('damaged', 'A sealed row is damaged: its integrity check failed.');
}
