/**
 * Sealing (DESIGN §5): a message is signed and encrypted once per audience, and wrapped for each reader's certificates.
 * This implements the port `Sealing`; the private half, signing, is handed in by the keyring.
 */

import { joinBytes } from '../../mail/bytes.ts';
import type { Certificate, ExamineCertificates } from '../../membership/certificate.ts';
import type { SessionKey } from '../../message/open/opened.ts';
import type { ListSigner, ReaderHead, SealedBody, Sealing } from '../../message/sealing-port.ts';
import type { Instant } from '../../time/instant.ts';
import { type CertificateCache, createCertificateCache } from './certificate-cache.ts';
import { armorTails, joinHead, type Seam, seamOf, type Tails, unarmorLines } from './copy-armor.ts';
import { encryptBody } from './integrity-protected.ts';
import type { PublicKeyMaterial } from './key-material.ts';
import { openpgpError } from './openpgp-error.ts';
import { type SignedBytes, signedPieces } from './seal-message.ts';
import { freshSessionKey } from './session-key.ts';
import { wrapSessionKey } from './wrap-session-key.ts';

/** Signs with a list's mail key, binary (0x00), SHA-512. */
export type SignAsList = (by: ListSigner, content: Uint8Array, now: Instant) => Promise<SignedBytes>;

export function createSealing(sign: SignAsList, examine: ExamineCertificates): Sealing {
  const cache = createCertificateCache(examine);
  return {
    seal: async (content, by, now) => {
      const signed = await sign(by, content, now);
      const sessionKey = freshSessionKey();
      const body = encryptBody(sessionKey, signedPieces(content, signed));
      return { sessionKey, tails: armorTails(body), seam: seamOf(body) };
    },
    wrap: (body, certificates, now) => wrap(cache, body, certificates, now),
    rejoin,
    use: async (certificate, now) => (await cache.assess(certificate.bytes, now)).use,
  };
}

async function wrap(
  cache: CertificateCache,
  body: SealedBody,
  certificates: readonly Certificate[],
  now: Instant,
): Promise<ReaderHead> {
  const keys = new Map<string, PublicKeyMaterial>();
  for (const certificate of certificates) {
    for (const key of (await cache.assess(certificate.bytes, now)).encryptionKeys) keys.set(key.keyId, key);
  }
  if (keys.size === 0) {
    throw openpgpError(
      'no-usable-certificate',
      'None of this reader’s certificates can be sealed to now. Park the copy and ask the reader for a new one.',
    );
  }
  const packets = joinBytes(...[...keys.values()].map((key) => wrapSessionKey(key, body.sessionKey)));
  return { keyIds: [...keys.keys()], ...joinHead(packets, seamGiven(body)) };
}

/** The body's packets from its armour again; costs a decoding of the body, once per late wrap (K4). */
function rejoin(tails: Tails, sessionKey: SessionKey): SealedBody {
  return { sessionKey, tails, seam: seamOf(unarmorLines(tails[0])) };
}

/** `seam` is ours, but the port cannot say so; a body from elsewhere is joined from its armour. */
function seamGiven(body: SealedBody): Seam {
  return isSeam(body.seam) ? body.seam : seamOf(unarmorLines(body.tails[0]));
}

function isSeam(value: unknown): value is Seam {
  return typeof value === 'object' && value !== null && 'checksumShift' in value && 'start' in value;
}
