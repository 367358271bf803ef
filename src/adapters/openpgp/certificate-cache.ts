/**
 * Parsed certificates and what they are good for, kept so that a fan-out to 1,000 readers parses nothing twice. An answer
 * is reused only between two instants at which any signature or key of the certificate begins or ends: exact, not stale.
 */
import { createHash } from 'node:crypto';
import { type PublicKey, readKey, SignaturePacket } from 'openpgp';
import type { Certificate } from '../../membership/certificate.ts';
import type { Instant } from '../../time/instant.ts';
import { type AssessedCertificate, assessCertificate } from './certificate-use.ts';
import { openpgpConfig } from './openpgp-config.ts';

/** Some 20 KB each when parsed: bounds the cache at about 80 MB, and far above any list's roster. */
const maximumCertificates = 4_096;

export type CertificateCache = Readonly<{
  assess: (bytes: Certificate['bytes'], now: Instant) => Promise<AssessedCertificate>;
}>;

type Interval = Readonly<{ from: number; until: number; assessed: AssessedCertificate }>;
type Entry = { readonly key: Promise<PublicKey | undefined>; interval: Interval | undefined };

export function createCertificateCache(): CertificateCache {
  const byBytes = new WeakMap<Uint8Array, Entry>();
  const byDigest = new Map<string, Entry>();

  function entryOf(bytes: Uint8Array): Entry {
    const known = byBytes.get(bytes);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(bytes).digest('base64');
    const entry = byDigest.get(digest) ?? { key: parse(bytes), interval: undefined };
    // Least recently found first: a Map keeps the order of insertion.
    byDigest.delete(digest);
    byDigest.set(digest, entry);
    const oldest = byDigest.keys().next().value;
    if (byDigest.size > maximumCertificates && oldest !== undefined) byDigest.delete(oldest);
    byBytes.set(bytes, entry);
    return entry;
  }

  return {
    assess: async (bytes, now) => {
      const entry = entryOf(bytes);
      const { interval } = entry;
      if (interval !== undefined && interval.from <= now && now < interval.until) return interval.assessed;
      const key = await entry.key;
      if (key === undefined) {
        return { use: { kind: 'unusable', fault: 'unsupported-version' }, encryptionKeys: [] };
      }
      const assessed = await assessCertificate(key, now);
      entry.interval = { ...changesAround(key, now), assessed };
      return assessed;
    },
  };
}

function parse(bytes: Uint8Array): Promise<PublicKey | undefined> {
  return readKey({ binaryKey: bytes, config: openpgpConfig }).catch(() => undefined);
}

/** The last moment up to now, and the first after it, at which anything in the certificate changes its validity. */
function changesAround(key: PublicKey, now: Instant): Readonly<{ from: number; until: number }> {
  let from = Number.NEGATIVE_INFINITY;
  let until = Number.POSITIVE_INFINITY;
  const note = (at: number) => {
    if (at <= now) from = Math.max(from, at);
    else until = Math.min(until, at);
  };
  const created = [key.keyPacket, ...key.subkeys.map((subkey) => subkey.keyPacket)].map((packet) =>
    packet.created.getTime(),
  );
  created.forEach(note);
  for (const packet of key.toPacketList()) {
    if (!(packet instanceof SignaturePacket)) continue;
    note(packet.created?.getTime() ?? now);
    const ends = packet.getExpirationTime();
    if (ends instanceof Date) note(ends.getTime());
    const lifetime = packet.keyExpirationTime;
    if (lifetime) for (const start of created) note(start + lifetime * 1000);
  }
  return { from, until };
}
