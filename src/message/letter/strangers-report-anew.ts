import { type Address, sameMailbox } from '../../mail/address.ts';
import type { Mailbox } from '../../mail/letter-head.ts';
import type { ListAddress } from '../../mail/list-address.ts';
import type { Knowledge } from '../journal/knowledge.ts';
import type { Opened } from '../open/opened.ts';
import type { Place } from './letter.ts';
import { widestList } from './place-letter.ts';

/**
 * I9: a sealed mail is answered with a receipt that names its case. If a stranger's joined a case by a Message-ID in
 * References, two of them who name one id would hold one number, and so learn that we know the id. It is a report of its
 * own, as it would be had we never seen the id; members read which case it answers. Mail in clear joins (R5).
 */
export function strangersReportAnew(
  place: Place,
  { opened, recipients }: Readonly<{ opened: Opened; recipients: readonly ListAddress[] }>,
  { roster }: Knowledge,
): Place {
  // Only a thread gives this scope: who has the case's address knows the case.
  if (place.kind !== 'case' || place.scope !== 'list') return place;
  if (opened.encryption.kind === 'none') return place;
  const { case: found } = place;
  // Not who was written to, or wrote, in the answered mail: that may be strangers' mail to a guessed address.
  const known: readonly Address[] = [
    ...[...roster.representatives.values()].map(({ address }) => address),
    ...(found.reporter ? [found.reporter.address] : []),
    ...found.guests.map(({ address }) => address),
  ];
  if (isFromAll(opened.outer.from, known) && isFromAll(opened.head.from, known)) return place;
  const addressed = recipients.filter(({ kind }) => kind === 'list').flatMap(({ list }) => list ?? []);
  const { list, doubts } = widestList(addressed, roster);
  return { kind: 'new-report', list, doubts: [...doubts, 'answers-as-a-stranger'], related: found.number };
}

/** A receipt goes to either header's From. */
function isFromAll(from: readonly Mailbox[], known: readonly Address[]): boolean {
  return from.length > 0 && from.every(({ address }) => known.some((one) => sameMailbox(one, address)));
}
