/** One OpenPGP message to one certificate, signed or not: the door's envelopes, operators' requests and answers. */

import { joinBytes } from '../../mail/bytes.ts';
import type { Sealed } from '../../message/ports.ts';
import { encryptBody, literalHeader } from './integrity-protected.ts';
import type { PublicKeyMaterial } from './key-material.ts';
import { openpgpError } from './openpgp-error.ts';
import { packetTag, readPacket, writePacket } from './packets.ts';
import { freshSessionKey } from './session-key.ts';
import { wrapSessionKey } from './wrap-session-key.ts';

/** A signature over bytes: the whole packet with its header, and the id of the key that made it. */
export type SignedBytes = Readonly<{ signature: Uint8Array; keyId: Uint8Array }>;

/** Throws `no-usable-certificate` when there is no key. */
export function sealMessage(
  bytes: Uint8Array,
  keys: readonly PublicKeyMaterial[],
  signed?: SignedBytes,
): Sealed {
  if (keys.length === 0) {
    throw openpgpError(
      'no-usable-certificate',
      'The certificate that should be sealed to cannot be used now.',
    );
  }
  const sessionKey = freshSessionKey();
  const packets = keys.map((key) => wrapSessionKey(key, sessionKey));
  return encryptBody(sessionKey, signedPieces(bytes, signed), joinBytes(...packets)) as Sealed;
}

/** The packets of a message before encryption: one-pass signature, literal data, signature (RFC 9580 §10.3). */
export function signedPieces(content: Uint8Array, signed: SignedBytes | undefined): readonly Uint8Array[] {
  const literal = [literalHeader(content.length), content];
  return signed === undefined ? literal : [onePassSignature(signed), ...literal, signed.signature];
}

/** RFC 9580 §5.4, from the fields of the signature that follows: type, hash, algorithm. */
function onePassSignature(signed: SignedBytes): Uint8Array {
  const body = readPacket(signed.signature, 0)?.body;
  if (body === undefined) throw openpgpError('damaged', 'The signing key made no signature packet.');
  const [type = 0, algorithm = 0, hash = 0] = body.subarray(1, 4);
  const last = 1;
  return writePacket(
    packetTag.onePassSignature,
    Uint8Array.of(3, type, hash, algorithm),
    signed.keyId,
    Uint8Array.of(last),
  );
}
