import type { Roster } from '../../membership/roster.ts';
import type { Instant } from '../../time/instant.ts';
import { administratorsAudience, membersAudience } from '../file/audience.ts';
import { listOf, type Place } from '../letter/letter.ts';
import { type Finding, waitsForAnAdministrator } from './rule.ts';

/**
 * The rule after all others, which no passing lifts: readers belong to a message (A5), so what is filed while nobody
 * reads would be nobody's for ever (I5). It waits instead until somebody does.
 */
export function somebodyMustRead(place: Place, roster: Roster, now: Instant): Finding | undefined {
  const list = listOf(place);
  const readers = isForMembers(place)
    ? membersAudience(roster, list, now)
    : administratorsAudience(roster, list, now);
  if (readers.length > 0 || place.kind === 'held-reply') return undefined;
  const whom = isForMembers(place) ? 'reads' : 'administers';
  return {
    kind: 'hold',
    rule: 'somebody-must-read',
    inside: `Nobody ${whom} ${list} yet, or any more. Pass it once somebody does.`,
    outside: waitsForAnAdministrator,
  };
}

function isForMembers({ kind }: Place): boolean {
  return kind === 'new-report' || kind === 'case';
}
