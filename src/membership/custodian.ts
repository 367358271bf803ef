import type { Instant } from '../time/instant.ts';
import { proofOwedBy } from './proof.ts';
import { administratorsOf, privateLists, type Representative, type Roster } from './roster.ts';

/** Private lists that this person does not administer as of now. */
export function listsNotAdministered(
  roster: Roster,
  representative: string,
  now: Instant,
): readonly string[] {
  return privateLists(roster)
    .map((list) => list.name)
    .filter((list) => !administratorsOf(roster, list, now).some((person) => person.id === representative));
}

/**
 * Who may be given the keys now. Asked again at every export: whoever no longer administers a list, or has yet to prove
 * that their own key is theirs, gets nothing (I5).
 */
export function custodianInForce(roster: Roster, now: Instant): Representative | undefined {
  const { custodian } = roster;
  if (!custodian || custodian.effectiveFrom > now) return undefined;
  const { representative } = custodian;
  const fit =
    privateLists(roster).length > 0 &&
    listsNotAdministered(roster, representative, now).length === 0 &&
    proofOwedBy(roster, representative) === undefined;
  return fit ? roster.representatives.get(representative) : undefined;
}
