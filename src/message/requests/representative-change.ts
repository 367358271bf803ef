import { describeWant } from '../../membership/lists-in-want.ts';
import { currentCertificates, findRepresentative, type Representative } from '../../membership/roster.ts';
import type { RosterEvent } from '../../membership/roster-event.ts';
import { formatInstant } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { ReaderChange } from '../plan.ts';
import { done, type Execute, refused } from './execution.ts';
import type { RepresentativeChange } from './request.ts';
import { additionTakesEffect, announceToMembers, takenByIt } from './roster-change.ts';

/**
 * Suspending and removing take effect at once, with every queued copy cancelled in the same transaction, and are then
 * announced; restoring is an addition and waits (A6).
 */
export const representativeChange: Execute<RepresentativeChange> = async (request, desk) => {
  const person = findRepresentative(desk.knowledge.roster, request.member, request.address);
  const member = desk.knowledge.roster.members.get(request.member);
  if (!person || !member)
    return refused(`${request.address} does not represent ${request.member}. See: embargod member list`);
  const wanted = standingAfter(request);
  if (person.standing === wanted) return refused(`${person.address} is ${wanted} already.`);
  const effectiveFrom = wanted === 'active' ? additionTakesEffect(member.lists, desk) : desk.now;
  const what = `${person.address} (${member.name}) is ${wanted === 'active' ? 'restored' : wanted}`;
  const event = changed(request, person, effectiveFrom);
  const wants = takenByIt(event, desk).map((want) => `${describeWant(want)}. Name somebody now.`);
  return done(
    [`${what}, from ${formatInstant(effectiveFrom)}.`, ...wants],
    {
      address: person.address,
      member: member.name,
      standing: wanted,
      effectiveFrom: formatInstant(effectiveFrom),
    },
    {
      events: [event],
      outgoing: announceToMembers({ member, what, effectiveFrom, except: person.id }, desk),
      readers: [readerChange(person, wanted, desk)],
      cancelFor: wanted === 'active' ? [] : [person.id],
    },
  );
};

function standingAfter({ kind }: RepresentativeChange): Representative['standing'] {
  switch (kind) {
    case 'representative-suspend':
      return 'suspended';
    case 'representative-restore':
      return 'active';
    case 'representative-remove':
      return 'removed';
  }
}

function changed(
  { kind }: RepresentativeChange,
  { id }: Representative,
  effectiveFrom: Representative['effectiveFrom'],
): RosterEvent {
  switch (kind) {
    case 'representative-suspend':
      return { kind: 'representative-suspended', representative: id };
    case 'representative-restore':
      return { kind: 'representative-restored', representative: id, effectiveFrom };
    case 'representative-remove':
      return { kind: 'representative-removed', representative: id };
  }
}

function readerChange(
  person: Representative,
  standing: Representative['standing'],
  desk: Desk,
): ReaderChange {
  const { id, address } = person;
  return { id, address, standing, certificates: currentCertificates(person, desk.now) };
}
