import type { Certificate, CertificateUse } from '../../membership/certificate.ts';
import { currentCertificates, privateLists, representativesOf } from '../../membership/roster.ts';
import { day, type Instant } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';

/** A reader's certificate that will not be usable for long, so that it is renewed before mail waits for it. */
export type EndingCertificate = Readonly<{
  list: string;
  address: string;
  member: string;
  fingerprint: string;
  at: Instant;
}>;

/** Days before its end on which the digest tells: each day for a month would be one more thing to skip (N1). */
const toldBefore: readonly number[] = [30, 14, 7, 3, 2, 1, 0];

/** Of lists whose digest is due only: what each certificate is good for is asked of the child. */
export async function endingCertificates(
  desk: Desk,
  use: (certificate: Certificate, now: Instant) => Promise<CertificateUse>,
): Promise<readonly EndingCertificate[]> {
  const { roster } = desk.knowledge;
  const found: EndingCertificate[] = [];
  for (const { name: list } of privateLists(roster).filter(({ name }) => isDigestDue(name, desk))) {
    for (const person of representativesOf(roster, list, desk.now)) {
      for (const certificate of currentCertificates(person, desk.now)) {
        const good = await use(certificate, desk.now);
        const at = good.kind === 'usable' ? good.expiresAt : undefined;
        if (at === undefined || !toldBefore.includes(Math.floor((at - desk.now) / day))) continue;
        const { address, member } = person;
        found.push({ list, address, member, fingerprint: certificate.fingerprint, at });
      }
    }
  }
  return found;
}

export function isDigestDue(list: string, { knowledge, now }: Desk): boolean {
  const last = knowledge.digests.get(list);
  return last === undefined || now - last >= day;
}
