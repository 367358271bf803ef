/**
 * Certificates as words, for decisions about them: `k1` a key, `-k1` its revocation, `+7d` its end after so many days from noon.
 * `mergeWords` joins them; the real merge has tests with real keys (`merge-certificate.test.ts`).
 */
import type { Certificate, CertificateUse, MergeCertificate } from '../../src/membership/certificate.ts';
import { day, later } from '../../src/time/instant.ts';
import { certificateOf, noon } from './community.ts';

export function wordCertificate(words: string, owner = 'bob'): Certificate {
  return { ...certificateOf(owner), bytes: new TextEncoder().encode(words) };
}

export function wordsOf({ bytes }: Pick<Certificate, 'bytes'>): readonly string[] {
  return new TextDecoder().decode(bytes).split(' ');
}

export function useOfWords(certificate: Certificate): CertificateUse {
  const words = wordsOf(certificate);
  const keys = words.filter((word) => word.startsWith('k') && !words.includes(`-${word}`));
  const end = words.findLast((word) => word.startsWith('+'));
  if (keys.length === 0) return { kind: 'unusable', fault: 'revoked' };
  const expiresAt = end === undefined ? undefined : later(noon, Number.parseInt(end.slice(1), 10) * day);
  return { kind: 'usable', encryptionKeyIds: keys, expiresAt };
}

export const mergeWords: MergeCertificate = (known, copy) => {
  const ours = wordsOf(known);
  const fresh = wordsOf(copy).filter((word) => !ours.includes(word));
  const joined = (words: readonly string[]) =>
    words.length === 0 ? known : { ...known, bytes: new TextEncoder().encode([...ours, ...words].join(' ')) };
  return {
    revoked: joined(fresh.filter((word) => word.startsWith('-'))),
    whole: joined(fresh.filter((word) => !word.startsWith('k'))),
    furtherKeys: fresh.filter((word) => word.startsWith('k')),
  };
};
