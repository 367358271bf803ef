/**
 * Requests of the operator and their answers (P7): JSON signed by one side's key and sealed to the other's, the same way
 * in both directions. The first line of what is signed names the direction, so that neither can pose as the other.
 * The caller judges `signedAt`, and keeps `digest` to run no request twice.
 */

import { joinBytes } from '../../../mail/bytes.ts';
import type { Certificate } from '../../../membership/certificate.ts';
import type { Sealed } from '../../../message/ports.ts';
import type { Instant } from '../../../time/instant.ts';
import { openBody } from '../open-body.ts';
import { openpgpError } from '../openpgp-error.ts';
import { ownEncryptionKeys } from '../own-certificate.ts';
import { generateKey } from '../private/generate-key.ts';
import type { PrivateKey } from '../private/private-key.ts';
import { signDetached } from '../private/sign-detached.ts';
import { sessionKeyFromPackets } from '../private/unwrap-session-key.ts';
import { readEncrypted } from '../read-encrypted.ts';
import { sealMessage } from '../seal-message.ts';

/** Held mail that is answered back may be as large as a mail. */
const maximumBytes = 64 * 1024 * 1024;

const encoder = new TextEncoder();
const requestLine = encoder.encode('embargod-request-1\n');
const answerLine = encoder.encode('embargod-answer-1\n');

export type SignedRequest = Readonly<{
  bytes: Uint8Array;
  /** Fingerprint of the signer. */
  fingerprint: string;
  signedAt: Instant;
  digest: string;
}>;

/** `secret` goes into the operator's own file; the certificate is pinned where keyholder and public-keeper read it. */
export function generateOperatorKey(
  now: Instant,
): Promise<Readonly<{ secret: Uint8Array; key: PrivateKey }>> {
  return generateKey({ name: 'embargod operator' }, now);
}

/** Sent by the command line. `keyholder`: its request certificate. */
export function sealRequest(
  task: Readonly<{ request: Uint8Array; keyholder: Certificate; key: PrivateKey; now: Instant }>,
): Promise<Sealed> {
  return sealSigned(joinBytes(requestLine, task.request), task.keyholder, task.key, task.now);
}

export function openRequest(
  task: Readonly<{ sealed: Uint8Array; key: PrivateKey; operators: readonly Certificate[]; now: Instant }>,
): Promise<SignedRequest> {
  return openSigned(requestLine, { ...task, signers: task.operators });
}

export function sealAnswer(
  task: Readonly<{ answer: Uint8Array; operator: Certificate; key: PrivateKey; now: Instant }>,
): Promise<Sealed> {
  return sealSigned(joinBytes(answerLine, task.answer), task.operator, task.key, task.now);
}

export function openAnswer(
  task: Readonly<{ sealed: Uint8Array; key: PrivateKey; keyholder: Certificate; now: Instant }>,
): Promise<SignedRequest> {
  return openSigned(answerLine, { ...task, signers: [task.keyholder] });
}

async function sealSigned(
  bytes: Uint8Array,
  to: Certificate,
  key: PrivateKey,
  now: Instant,
): Promise<Sealed> {
  return sealMessage(bytes, ownEncryptionKeys(to.bytes), await signDetached(key, bytes, now));
}

async function openSigned(
  firstLine: Uint8Array,
  task: Readonly<{ sealed: Uint8Array; key: PrivateKey; signers: readonly Certificate[]; now: Instant }>,
): Promise<SignedRequest> {
  const message = readEncrypted(task.sealed);
  if (message.kind === 'problem') throw openpgpError('damaged', 'This is no sealed request or answer.');
  const found = sessionKeyFromPackets(message.sessionKeyPackets, task.key.decryptionKeys);
  if (found === undefined) {
    throw openpgpError('not-for-this-key', 'The request or answer was sealed to another key.');
  }
  const opened = await openBody({
    body: message.body,
    sessionKey: found.sessionKey,
    certificates: task.signers,
    now: task.now,
    maximumBytes,
  });
  if (opened.kind === 'problem') {
    throw openpgpError('damaged', 'The request or answer is damaged: its integrity check failed.');
  }
  const { signature, data } = opened;
  if (signature.kind !== 'valid') {
    throw openpgpError('bad-signature', 'The request or answer is not signed by the key that was agreed on.');
  }
  if (!firstLine.every((byte, i) => data[i] === byte)) {
    throw openpgpError('bad-signature', 'The signature was made for something else.');
  }
  const { fingerprint, signedAt, digest } = signature;
  return { bytes: data.subarray(firstLine.length), fingerprint, signedAt, digest };
}
