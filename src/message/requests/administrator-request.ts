import { sameMailbox } from '../../mail/address.ts';
import { formatInstant } from '../../time/instant.ts';
import { done, type Execute, refused } from './execution.ts';
import type { AdministratorChange } from './request.ts';
import { additionTakesEffect, announceToMembers } from './roster-change.ts';

/** Administrators read held mail: naming one is an addition of a reader in the sense of A6. */
export const administratorRequest: Execute<AdministratorChange> = async (request, desk) => {
  const { roster } = desk.knowledge;
  if (roster.lists.get(request.list)?.kind !== 'private')
    return refused(`There is no private list ${request.list}.`);
  const person = [...roster.representatives.values()].find(
    (candidate) => candidate.standing !== 'removed' && sameMailbox(candidate.address, request.address),
  );
  const member = person && roster.members.get(person.member);
  if (!person || !member)
    return refused(`${request.address} represents no member; administrators are representatives.`);
  const named = roster.administrations.some(
    (one) => one.list === request.list && one.representative === person.id,
  );
  const adding = request.kind === 'administrator-add';
  if (named === adding)
    return refused(`${person.address} is ${adding ? 'already' : 'not'} an administrator of ${request.list}.`);
  const effectiveFrom = adding ? additionTakesEffect([request.list], desk) : desk.now;
  const what = `${person.address} (${member.name}) ${adding ? 'becomes' : 'is no longer'} an administrator of ${request.list}`;
  return done(
    [`${what}, from ${formatInstant(effectiveFrom)}.`],
    {
      address: person.address,
      list: request.list,
      administrator: adding,
      effectiveFrom: formatInstant(effectiveFrom),
    },
    {
      events: [
        adding
          ? { kind: 'administrator-added', list: request.list, representative: person.id, effectiveFrom }
          : { kind: 'administrator-removed', list: request.list, representative: person.id },
      ],
      outgoing: announceToMembers({ member, what, effectiveFrom }, desk),
    },
  );
};
