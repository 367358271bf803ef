import type { Certificate } from '../../membership/certificate.ts';
import { newestCertificates } from '../../membership/roster.ts';
import type { Knowledge } from '../../message/journal/knowledge.ts';

/**
 * What signatures are checked with: everybody's certificates whom we know in any standing (a suspended signer must be
 * recognised to be held), reporters' and guests' of all cases, and the lists' own.
 */
export function verificationCertificates(
  knowledge: Knowledge,
  ofLists: readonly Certificate[],
): readonly Certificate[] {
  const ofPeople = [...knowledge.roster.representatives.values()].flatMap(newestCertificates);
  const ofCases = [...knowledge.cases.values()].flatMap(({ reporter, guests }) => [
    ...(reporter?.certificate ? [reporter.certificate] : []),
    ...guests.map((guest) => guest.certificate),
  ]);
  return [...ofPeople, ...ofCases, ...ofLists];
}
