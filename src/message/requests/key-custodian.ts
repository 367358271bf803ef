import { sameMailbox } from '../../mail/address.ts';
import { listsNotAdministered } from '../../membership/custodian.ts';
import { proofOwedBy } from '../../membership/proof.ts';
import { privateLists } from '../../membership/roster.ts';
import { formatInstant } from '../../time/instant.ts';
import { done, type Execute, refused } from './execution.ts';
import type { Request } from './request.ts';
import { additionTakesEffect, announceToMembers } from './roster-change.ts';

/**
 * Names the one to whom all keys may be exported: whoever has them can read everything. So it is an addition in the sense
 * of A6, announced to the members of every private list before it counts; who had the office before has it no more.
 */
export const keyCustodian: Execute<Extract<Request, { kind: 'key-custodian' }>> = async (
  { address },
  desk,
) => {
  const { roster } = desk.knowledge;
  const lists = privateLists(roster).map((list) => list.name);
  if (lists.length === 0) return refused('There is no private list yet, and so no key to export.');
  const person = [...roster.representatives.values()].find(
    (one) => one.standing === 'active' && sameMailbox(one.address, address),
  );
  if (!person) return refused(`${address} is no representative in good standing. See: embargod member list`);
  const [missing] = listsNotAdministered(roster, person.id, desk.now);
  if (missing) {
    return refused(
      `The custodian administers every private list, and ${person.address} does not administer ${missing} yet: embargod list administrator add ${missing} ${person.address}`,
    );
  }
  const owed = proofOwedBy(roster, person.id);
  if (owed)
    return refused(`${person.address} has yet to prove their key as an administrator of ${owed.list}.`);
  if (roster.custodian?.representative === person.id)
    return refused(`${person.address} is the custodian already.`);
  const effectiveFrom = additionTakesEffect(lists, desk);
  const what = `${person.address} (${person.member}) becomes the custodian of the keys: the private keys of all lists may be exported, sealed to their certificate`;
  return done(
    [`${what}, from ${formatInstant(effectiveFrom)}.`],
    { address: person.address, effectiveFrom: formatInstant(effectiveFrom) },
    {
      events: [{ kind: 'custodian-named', representative: person.id, effectiveFrom }],
      outgoing: announceToMembers({ member: { lists }, what, effectiveFrom }, desk),
    },
  );
};
