/** Opens what `seal-at-door.ts` sealed: our own format only, and only with storage keys (K1). */
import { joinBytes } from '../../../mail/bytes.ts';
import type { Sealed } from '../../../message/ports.ts';
import { decryptBody } from '../integrity-protected.ts';
import type { PublicKeyMaterial } from '../key-material.ts';
import { openpgpError } from '../openpgp-error.ts';
import { packetTag, readPacket } from '../packets.ts';
import { readEncrypted } from '../read-encrypted.ts';
import { wrapSessionKey } from '../wrap-session-key.ts';
import type { PrivateKey } from './private-key.ts';
import { sessionKeyFromPackets } from './unwrap-session-key.ts';

/** Throws `not-for-this-key` or `damaged`. */
export function openAtRest(sealed: Uint8Array, key: PrivateKey): Uint8Array {
  const { sessionKey, message } = readAtRest(sealed, key);
  const body = readPacket(message, 0)?.body;
  const packets = body && decryptBody(sessionKey, body);
  const literal = packets && readPacket(packets, 0);
  if (literal?.tag !== packetTag.literal || literal.body === undefined) throw damaged();
  // RFC 9580 §5.9: format, name with its length, date, data.
  return literal.body.subarray(6 + (literal.body[1] ?? 0));
}

/** The same message for other keys: its body is not opened, and stays byte for byte. */
export function rewrapAtRest(
  sealed: Uint8Array,
  key: PrivateKey,
  into: readonly PublicKeyMaterial[],
): Sealed {
  const { sessionKey, message } = readAtRest(sealed, key);
  const packets = into.map((one) => wrapSessionKey(one, sessionKey));
  return joinBytes(...packets, message) as Sealed;
}

function readAtRest(sealed: Uint8Array, key: PrivateKey) {
  const message = readEncrypted(sealed);
  if (message.kind === 'problem') throw damaged();
  const found = sessionKeyFromPackets(message.sessionKeyPackets, key.decryptionKeys);
  if (found !== undefined) return { sessionKey: found.sessionKey, message: message.body };
  throw openpgpError(
    'not-for-this-key',
    'A sealed row was sealed to another storage key. Is its month’s key in the key directory?',
  );
}

function damaged(): Error {
  return openpgpError('damaged', 'A sealed row is damaged: its integrity check failed.');
}
