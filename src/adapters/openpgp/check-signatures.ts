/**
 * Signature verdicts. Stricter than the library in three things: the signer's key must be good now as well as when it
 * signed, so that an expired or withdrawn key cannot speak with backdated signatures; a signature from the future is
 * invalid; and the number of signatures is capped.
 */
import { createHash } from 'node:crypto';
import { enums, type Message, type PublicKey, readKey, type SignaturePacket } from 'openpgp';
import type { Certificate } from '../../membership/certificate.ts';
import type { SignatureVerdict } from '../../message/open/opened.ts';
import type { Checking } from '../../message/open/opening-tools.ts';
import { instantFromMilliseconds, minute } from '../../time/instant.ts';
import { enableBrainpool } from './brainpool.ts';
import { readPublicKey, upperHex } from './key-material.ts';
import { openpgpConfig } from './openpgp-config.ts';
import { packetTag, readPackets } from './packets.ts';

/** Each costs a check against a key; a letter has one signature, rarely two. */
const maximumSignatures = 8;

/** Other people's clocks. */
const clockSkew = 10 * minute;

/** Packets of one certificate that are looked through for key ids. */
const maximumCertificatePackets = 10_000;

type Results = Awaited<ReturnType<Message<Uint8Array>['verify']>>;

/** What the library's `verify` is to be called with, and the bytes that it covers. */
export type SignedThing = Readonly<{
  keyIds: readonly string[];
  content: Uint8Array;
  verify: (keys: PublicKey[], date: Date) => Promise<Results>;
}>;

export async function checkSignatures(thing: SignedThing, checking: Checking): Promise<SignatureVerdict> {
  const [keyId] = thing.keyIds;
  if (keyId === undefined) return { kind: 'none' };
  if (thing.keyIds.length > maximumSignatures)
    return { kind: 'invalid', keyId, reason: 'too-many-signatures' };
  const keys = await signersAmong(checking.certificates, thing.keyIds);
  if (keys.length === 0) return { kind: 'unknown-key', keyId };
  enableBrainpool();
  const results = await thing.verify(keys, new Date(checking.now + clockSkew));
  const verdicts: SignatureVerdict[] = [];
  for (const result of results) verdicts.push(await verdictOf(result, keys, thing.content, checking));
  return (
    verdicts.find((verdict) => verdict.kind === 'valid') ??
    verdicts.find((verdict) => verdict.kind === 'invalid') ??
    verdicts[0] ?? { kind: 'invalid', keyId, reason: 'not-a-message-signature' }
  );
}

async function verdictOf(
  result: Results[number],
  keys: readonly PublicKey[],
  content: Uint8Array,
  { now }: Checking,
): Promise<SignatureVerdict> {
  const keyId = result.keyID.toHex().toUpperCase();
  const signer = keys.find((key) => key.getKeys(result.keyID).length > 0);
  if (signer === undefined) return { kind: 'unknown-key', keyId };
  try {
    await result.verified;
    const packet = (await result.signature).packets[0];
    const created = packet?.created?.getTime();
    if (packet === undefined || created === undefined) return { kind: 'invalid', keyId, reason: 'no-time' };
    await signer.getSigningKey(result.keyID, new Date(Math.max(now, created)), undefined, openpgpConfig);
    const fingerprint = signer.getFingerprint().toUpperCase();
    return {
      kind: 'valid',
      fingerprint,
      signedAt: instantFromMilliseconds(created),
      digest: digestOf(fingerprint, packet, content),
    };
  } catch (error) {
    return { kind: 'invalid', keyId, reason: reasonOf(error) };
  }
}

/**
 * Over signer, hashed fields and content, not over the packet: its unhashed fields, and in ECDSA the very numbers, can be
 * changed by anyone without making it invalid, and a changed packet must not be a fresh act (A2, T8).
 */
function digestOf(fingerprint: string, packet: SignaturePacket, content: Uint8Array): string {
  const canonical = packet.signatureType === enums.signature.text ? withCrlf(content) : content;
  return createHash('sha256')
    .update(fingerprint)
    .update(packet.signatureData ?? new Uint8Array(0))
    .update(createHash('sha256').update(canonical).digest())
    .digest('hex');
}

/** RFC 9580 §5.2.1.2: text signatures cover text with CRLF, whatever line ends it came with. */
function withCrlf(content: Uint8Array): Uint8Array {
  const text = Buffer.from(content.buffer, content.byteOffset, content.length).toString('latin1');
  return Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1');
}

async function signersAmong(
  certificates: readonly Certificate[],
  keyIds: readonly string[],
): Promise<PublicKey[]> {
  const seen = new Set<string>();
  const keys: PublicKey[] = [];
  for (const certificate of certificates) {
    if (seen.has(certificate.fingerprint) || !holdsKey(certificate, keyIds)) continue;
    seen.add(certificate.fingerprint);
    const key = await readKey({ binaryKey: certificate.bytes, config: openpgpConfig }).catch(() => undefined);
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

/** Whether any key of the certificate has one of these ids, without parsing signatures. */
function holdsKey(certificate: Certificate, keyIds: readonly string[]): boolean {
  // A v6 key's id is the beginning of its fingerprint (RFC 9580 §5.5.4.3); its subkeys are left to the library.
  if (certificate.fingerprint.length !== 40) return true;
  return readPackets(certificate.bytes, maximumCertificatePackets).packets.some((packet) => {
    if (packet.tag !== packetTag.publicKey && packet.tag !== packetTag.publicSubkey) return false;
    const key = packet.body && readPublicKey(packet.body);
    return key !== undefined && keyIds.includes(upperHex(key.keyIdBytes));
  });
}

const reasons: readonly (readonly [RegExp, string])[] = [
  [/revoked/i, 'key-revoked'],
  [/Signature is expired/i, 'signature-expired'],
  [/key is expired|expired/i, 'key-expired'],
  [/in the future/i, 'signed-in-the-future'],
  [/newer than the signature/i, 'signed-before-the-key-was-made'],
  [/Insecure message hash|Insecure hash|Hash algorithm too weak/i, 'weak-digest'],
  [/too weak|is disabled/i, 'weak-key'],
  [/digest did not match|verification failed/i, 'does-not-match'],
];

/** The library says why in English only; our words are fixed, and carry nothing received. */
function reasonOf(error: unknown): string {
  const messages: string[] = [];
  // `cause` chains are the library's own, a few links long.
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth++) {
    messages.push(one.message);
  }
  const text = messages.join('\n');
  return reasons.find(([pattern]) => pattern.test(text))?.[1] ?? 'not-acceptable';
}
