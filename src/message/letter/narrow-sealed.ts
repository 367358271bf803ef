import { type ListAddress, readListAddress } from '../../mail/list-address.ts';
import { mayReadList, privateLists } from '../../membership/roster.ts';
import type { Desk } from '../desk.ts';
import type { Doubt, Letter, Place } from './letter.ts';

type Sealed = Pick<Letter, 'opened' | 'signer'>;
type CasePlace = Extract<Place, { kind: 'case' }>;

/**
 * K1, A1: a sealed mail goes on to a case's participants only if somebody on the case signed it within, and its header
 * does not say that it was meant for others. Whoever has the ciphertext of another's mail could else send it into a case
 * of their own and have it opened for themselves. What came in clear was never secret from them.
 */
export function narrowSealed(place: Place, letter: Sealed, desk: Desk): Place {
  if (place.kind !== 'case' || place.scope !== 'participants' || letter.opened.encryption.kind === 'none') {
    return place;
  }
  const found: readonly Doubt[] = [
    ...(isByOneOfTheCase(letter, place, desk) ? [] : (['sealed-by-nobody-on-the-case'] as const)),
    ...(isMeantForOthers(letter, place, desk) ? (['header-names-another-address'] as const) : []),
  ];
  return found.length === 0 ? place : { ...place, scope: 'team', doubts: [...place.doubts, ...found] };
}

function isByOneOfTheCase({ signer }: Sealed, place: CasePlace, { knowledge, now }: Desk): boolean {
  if (signer.kind === 'participant') return true;
  if (signer.kind !== 'representative') return false;
  const { representative } = signer;
  const isReporter = place.case.reporter?.representative === representative.id;
  return isReporter || mayReadList(knowledge.roster, place.case.list, representative, now);
}

/** To and Cc, protected where the author's program does that, name addresses of ours and not the case's open one. */
function isMeantForOthers(
  { opened: { head } }: Sealed,
  place: CasePlace,
  { knowledge, domain }: Desk,
): boolean {
  const lists = privateLists(knowledge.roster).map((list) => list.name);
  const named = [...head.to, ...head.cc]
    .map((mailbox) => readListAddress(mailbox.address, domain, lists))
    .filter((one) => one !== undefined);
  return named.length > 0 && !named.some((one) => isOpenAddressOf(place, one));
}

function isOpenAddressOf({ case: subject }: CasePlace, address: ListAddress): boolean {
  return address.kind === 'case' && address.caseNumber === subject.number && !address.team;
}
