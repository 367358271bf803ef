/**
 * What a certificate is good for at a moment, under our policy: v4 keys only (GnuPG 2.2 reads no others), RSA of 2048 bits
 * or more, Curve25519, NIST and Brainpool curves (R7); no DSA, ElGamal or secp256k1. Every valid encryption key of a
 * certificate is wrapped to, as people keep one on a smartcard and one on a phone.
 */
import type { PublicKey, Subkey } from 'openpgp';
import type { CertificateFault, ExaminedCertificate } from '../../membership/certificate.ts';
import { type Instant, instantFromMilliseconds } from '../../time/instant.ts';
import { enableBrainpool } from './brainpool.ts';
import { isStrong, readPublicKey } from './key-material.ts';
import { openpgpConfig } from './openpgp-config.ts';

export type AssessedKey = Pick<ExaminedCertificate, 'use' | 'encryptionKeys'>;

/** Subkeys looked at: each costs signature checks, and a hostile certificate may hold thousands. */
const maximumSubkeys = 64;

export async function assessKey(key: PublicKey, now: Instant): Promise<AssessedKey> {
  enableBrainpool();
  const date = new Date(now);
  const fault = await primaryFault(key, date);
  if (fault !== undefined) return unusable(fault);

  const usable: { keyId: string; body: Uint8Array; expiresAt: number }[] = [];
  const primaryExpiry = expiry(await key.getExpirationTime(undefined, openpgpConfig));
  const subkeys = key.subkeys.slice(0, maximumSubkeys);
  for (const candidate of [key, ...subkeys]) {
    const body = candidate.keyPacket.write();
    const material = readPublicKey(body);
    if (material === undefined || !isStrong(material) || !(await encrypts(key, candidate, date))) continue;
    const own =
      candidate === key ? primaryExpiry : expiry(await candidate.getExpirationTime(date, openpgpConfig));
    usable.push({ keyId: material.keyId, body, expiresAt: Math.min(own, primaryExpiry) });
  }
  if (usable.length === 0) return unusable(await missingFault(subkeys, date));

  const last = Math.max(...usable.map((one) => one.expiresAt));
  return {
    use: {
      kind: 'usable',
      encryptionKeyIds: usable.map((one) => one.keyId),
      expiresAt: last === Number.POSITIVE_INFINITY ? undefined : instantFromMilliseconds(last),
    },
    encryptionKeys: usable.map((one) => one.body),
  };
}

function unusable(fault: CertificateFault): AssessedKey {
  return { use: { kind: 'unusable', fault }, encryptionKeys: [] };
}

async function primaryFault(key: PublicKey, date: Date): Promise<CertificateFault | undefined> {
  if (key.keyPacket.version !== 4) return 'unsupported-version';
  const material = readPublicKey(key.keyPacket.write());
  if (material === undefined || !isStrong(material)) return 'weak';
  if (await key.isRevoked(undefined, undefined, date, openpgpConfig)) return 'revoked';
  if (key.getCreationTime() > date) return 'not-yet-valid';
  const valid = await key.verifyPrimaryKey(date, undefined, openpgpConfig).then(
    () => true,
    () => false,
  );
  if (valid) return undefined;
  const users = await Promise.all(
    key.users.map((user) =>
      Promise.all(
        user.selfCertifications.map((self) => user.isRevoked(self, undefined, date, openpgpConfig)),
      ),
    ),
  );
  if (users.length > 0 && users.flat().every((revoked) => revoked)) return 'revoked';
  const expiresAt = expiry(await key.getExpirationTime(undefined, openpgpConfig));
  if (expiresAt <= date.getTime()) return 'expired';
  const created = key.users.flatMap((user) => user.selfCertifications.map((self) => self.created ?? date));
  return created.length > 0 && created.every((at) => at > date) ? 'not-yet-valid' : 'weak';
}

/** Why no encryption key was found: a weak, revoked or expired one is worth telling from none. */
async function missingFault(subkeys: readonly Subkey[], date: Date): Promise<CertificateFault> {
  const faults = new Set<CertificateFault>();
  for (const subkey of subkeys) {
    const material = readPublicKey(subkey.keyPacket.write());
    const flags = subkey.bindingSignatures[0]?.keyFlags?.[0] ?? 0;
    // RFC 9580 §5.2.3.29: 04 communication, 08 storage.
    if ((flags & 0x0c) === 0) continue;
    if (material === undefined || !isStrong(material)) faults.add('weak');
    else if (subkey.getCreationTime() > date) faults.add('not-yet-valid');
    else if (subkey.revocationSignatures.length > 0) faults.add('revoked');
    else if (expiry(await subkey.getExpirationTime(undefined, openpgpConfig)) <= date.getTime())
      faults.add('expired');
  }
  const order = ['expired', 'revoked', 'not-yet-valid', 'weak'] as const;
  return order.find((fault) => faults.has(fault)) ?? 'no-encryption-key';
}

async function encrypts(key: PublicKey, candidate: PublicKey | Subkey, date: Date): Promise<boolean> {
  try {
    const found = await key.getEncryptionKey(candidate.getKeyID(), date, undefined, openpgpConfig);
    return found === candidate;
  } catch {
    return false;
  }
}

/** openpgp.js says null for "never valid", Infinity for "never expires". */
function expiry(time: Date | typeof Infinity | null): number {
  if (time === null) return Number.NEGATIVE_INFINITY;
  return time instanceof Date ? time.getTime() : time;
}
