import { sameMailbox } from '../../mail/address.ts';
import { describeWant } from '../../membership/lists-in-want.ts';
import type { RosterEvent } from '../../membership/roster-event.ts';
import { formatInstant } from '../../time/instant.ts';
import { done, type Execute, refused } from './execution.ts';
import type { AdministratorChange } from './request.ts';
import { additionTakesEffect, announceToMembers, takenByIt } from './roster-change.ts';

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
  const event: RosterEvent = adding
    ? {
        kind: 'administrator-added',
        list: request.list,
        representative: person.id,
        effectiveFrom: additionTakesEffect([request.list], desk),
      }
    : { kind: 'administrator-removed', list: request.list, representative: person.id };
  const wants = takenByIt(event, desk);
  if (wants.length > 0 && request.sure !== true)
    return refused(
      `${person.address} is the last: ${wants.map(describeWant).join('; ')}. Name another one first, or say --yes.`,
    );
  const effectiveFrom = event.kind === 'administrator-added' ? event.effectiveFrom : desk.now;
  const what = `${person.address} (${member.name}) ${adding ? 'becomes' : 'is no longer'} an administrator of ${request.list}`;
  return done(
    [`${what}, from ${formatInstant(effectiveFrom)}.`, ...wants.map(describeWant)],
    {
      address: person.address,
      list: request.list,
      administrator: adding,
      effectiveFrom: formatInstant(effectiveFrom),
    },
    {
      events: [event],
      outgoing: announceToMembers({ member, what, effectiveFrom }, desk),
    },
  );
};
