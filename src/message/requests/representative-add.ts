import { type Address, sameMailbox } from '../../mail/address.ts';
import { sameBytes } from '../../mail/bytes.ts';
import { readListAddress } from '../../mail/list-address.ts';
import type { Certificate } from '../../membership/certificate.ts';
import { currentCertificates, findRepresentative, type Representative } from '../../membership/roster.ts';
import { formatInstant } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { ReaderChange } from '../plan.ts';
import { done, type Execute, refused } from './execution.ts';
import type { RepresentativeAdd } from './request.ts';
import { additionTakesEffect, announceToMembers } from './roster-change.ts';
import { usableCertificate } from './usable-certificate.ts';

/** Adds a person, or a further certificate of theirs (R7). Both are additions in the sense of A6. */
export const representativeAdd: Execute<RepresentativeAdd> = async (request, desk, tools) => {
  const { roster } = desk.knowledge;
  const member = roster.members.get(request.member);
  if (!member) return refused(`There is no member ${request.member}. See: embargod member list`);
  // Copies to a list of ours would come back in and go out again.
  if (readListAddress(request.address, desk.domain, [...roster.lists.keys()]))
    return refused(`${request.address} is an address of ours.`);
  const certificate = await usableCertificate(request, desk, tools);
  if (typeof certificate === 'string') return refused(certificate);
  const elsewhere = [...roster.representatives.values()].find(
    (person) =>
      person.standing !== 'removed' &&
      sameMailbox(person.address, request.address) &&
      person.member !== member.name,
  );
  if (elsewhere)
    return refused(
      `${request.address} represents ${elsewhere.member} already; one person speaks for one member.`,
    );
  const known = findRepresentative(roster, member.name, request.address);
  if (known?.standing === 'suspended')
    return refused(`${known.address} is suspended. Restore them first: embargod representative restore`);
  if (
    known?.certificates.some(
      (held) =>
        held.certificate.fingerprint === certificate.fingerprint &&
        sameBytes(held.certificate.bytes, certificate.bytes),
    )
  ) {
    return refused(`${request.address} has that certificate already.`);
  }
  const effectiveFrom = additionTakesEffect(member.lists, desk);
  const id = known?.id ?? desk.chance.uuid();
  const what = `${request.address} (${member.name}) ${known ? 'gets the further certificate' : 'joins with the certificate'} ${certificate.fingerprint}`;
  return done(
    [
      `${what}.`,
      effectiveFrom > desk.now
        ? `It takes effect at ${formatInstant(effectiveFrom)} and is announced to the members now.`
        : 'It is in effect.',
    ],
    {
      id,
      address: request.address,
      member: member.name,
      fingerprint: certificate.fingerprint,
      effectiveFrom: formatInstant(effectiveFrom),
    },
    {
      events: [
        known
          ? { kind: 'certificate-added', representative: id, certificate, effectiveFrom }
          : {
              kind: 'representative-added',
              id,
              member: member.name,
              address: request.address,
              certificate,
              effectiveFrom,
            },
      ],
      outgoing: announceToMembers({ member, what, effectiveFrom }, desk),
      readers: [readerChange(known, { id, address: request.address, certificate }, desk)],
    },
  );
};

/** `sender` may know the new certificate at once: no row is wrapped to it before it takes effect. */
function readerChange(
  known: Representative | undefined,
  { id, address, certificate }: Readonly<{ id: string; address: Address; certificate: Certificate }>,
  desk: Desk,
): ReaderChange {
  // With the version before it, which copies go on to until the new one takes effect.
  const before = known ? currentCertificates(known, desk.now) : [];
  return { id, address, standing: 'active', certificates: [...before, certificate] };
}
