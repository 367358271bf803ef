/**
 * What certificates are good for, asked of whoever may take them apart and kept, so that a fan-out to 1,000 readers asks
 * nothing twice. An answer is reused only while it holds: exact, not stale. It is not believed (P3): a key counts only if
 * it stands in the very certificate, so that a child taken over cannot slip in a reader of its own (I10).
 */
import { createHash } from 'node:crypto';
import type {
  Certificate,
  CertificateUse,
  ExamineCertificates,
  ExaminedCertificate,
} from '../../membership/certificate.ts';
import { hour, type Instant, later } from '../../time/instant.ts';
import { isStrong, type PublicKeyMaterial, readPublicKey } from './key-material.ts';
import { packetTag, readPackets } from './packets.ts';

/** Some 3 KB each: bounds the cache at about 12 MB, and far above any list's roster. */
const maximumCertificates = 4_096;

/** Packets of one certificate that are looked through: 64 subkeys with dozens of signatures each. */
const maximumPackets = 10_000;

/** For that long nobody tries again to read what could not be read. */
const unreadableFor = hour;

/** `encryptionKeys` has what wrapping needs; empty when unusable. */
export type AssessedCertificate = Readonly<{
  use: CertificateUse;
  encryptionKeys: readonly PublicKeyMaterial[];
}>;

export type CertificateCache = Readonly<{
  assess: (bytes: Certificate['bytes'], now: Instant) => Promise<AssessedCertificate>;
}>;

type Kept = AssessedCertificate & Pick<ExaminedCertificate, 'holds'>;

export function createCertificateCache(examine: ExamineCertificates): CertificateCache {
  const digests = new WeakMap<Uint8Array, string>();
  const kept = new Map<string, Kept>();

  function digestOf(bytes: Uint8Array): string {
    const known = digests.get(bytes);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(bytes).digest('base64');
    digests.set(bytes, digest);
    return digest;
  }

  return {
    assess: async (bytes, now) => {
      const digest = digestOf(bytes);
      const known = kept.get(digest);
      if (known && holdsAt(known.holds, now)) return known;
      const fresh = checked(await examine(bytes, now), bytes, now);
      // Least recently asked first: a Map keeps the order of insertion.
      kept.delete(digest);
      kept.set(digest, fresh);
      const oldest = kept.keys().next().value;
      if (kept.size > maximumCertificates && oldest !== undefined) kept.delete(oldest);
      return fresh;
    },
  };
}

function holdsAt({ from, until }: ExaminedCertificate['holds'], now: Instant): boolean {
  return (from === undefined || from <= now) && (until === undefined || now < until);
}

function checked(examined: readonly ExaminedCertificate[], bytes: Uint8Array, now: Instant): Kept {
  const [one, ...others] = examined;
  if (!one || others.length > 0) return unreadable(now);
  const { use, holds } = one;
  if (use.kind === 'unusable') return { use, encryptionKeys: [], holds };
  const { packets } = readPackets(bytes, maximumPackets);
  const own = packets.filter(({ tag }) => tag === packetTag.publicKey || tag === packetTag.publicSubkey);
  const encryptionKeys = one.encryptionKeys.flatMap((body, index) => {
    const packet = own.find((candidate) => candidate.body && Buffer.compare(candidate.body, body) === 0);
    const key = packet?.body && readPublicKey(packet.body);
    return key && isStrong(key) && key.keyId === use.encryptionKeyIds[index] ? [key] : [];
  });
  const whole =
    encryptionKeys.length > 0 &&
    encryptionKeys.length === use.encryptionKeyIds.length &&
    encryptionKeys.length === one.encryptionKeys.length;
  return whole ? { use, encryptionKeys, holds } : unreadable(now);
}

function unreadable(now: Instant): Kept {
  const holds = { from: now, until: later(now, unreadableFor) };
  return { use: { kind: 'unusable', fault: 'unreadable' }, encryptionKeys: [], holds };
}
