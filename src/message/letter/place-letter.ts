import type { LetterHead } from '../../mail/letter-head.ts';
import type { ListAddress } from '../../mail/list-address.ts';
import { bareSubject, hasNewReportTag } from '../../mail/subject-tag.ts';
import { type ListSettings, privateLists, type Roster } from '../../membership/roster.ts';
import type { Knowledge } from '../journal/knowledge.ts';
import type { FiledMessage } from '../journal/message-event.ts';
import type { Doubt, Place } from './letter.ts';

/**
 * Finds where a mail belongs: by address first, then by In-Reply-To and References, the author's ids and ours (M3).
 * Where the signs disagree, the narrower reading is taken and the doubt noted (R2, I5).
 */
export function placeLetter(
  recipients: readonly ListAddress[],
  head: LetterHead | undefined,
  knowledge: Knowledge,
): Place {
  const lists = privateLists(knowledge.roster);
  const fallback = firstList(recipients, lists);
  const [bounce] = recipients.filter((recipient) => recipient.kind === 'bounce');
  // A bounce goes to its return path and nowhere else (RFC 3464 §2); a report that names one too is a report (T8).
  if (bounce && recipients.every(({ kind }) => kind === 'bounce'))
    return { kind: 'bounce', list: bounce.list, token: bounce.token };
  const held = recipients.find((recipient) => recipient.kind === 'held');
  if (held) return { kind: 'held-reply', list: held.list, token: held.token };
  const proof = recipients.find((recipient) => recipient.kind === 'prove');
  if (proof) return { kind: 'proof', list: proof.list, token: proof.token };
  const parent = head && findParent(head, knowledge);
  const ofCases = recipients.filter((recipient) => recipient.kind === 'case');
  const [ofCase] = ofCases;
  if (ofCase) return placeByAddress(ofCase, ofCases, { head, parent, knowledge });
  const addressed = recipients
    .filter((recipient) => recipient.kind === 'list')
    .map((recipient) => recipient.list);
  if (addressed.length === 0) return { kind: 'owner', list: fallback };
  return placeByThread(addressed, { head, parent, knowledge });
}

type CaseAddress = Extract<ListAddress, { kind: 'case' }>;
type Signs = Readonly<{
  head: LetterHead | undefined;
  parent: FiledMessage | undefined;
  knowledge: Knowledge;
}>;

function placeByAddress(
  address: CaseAddress,
  all: readonly CaseAddress[],
  { head, parent, knowledge }: Signs,
): Place {
  const found = knowledge.cases.get(address.caseNumber);
  if (!found || found.list !== address.list) {
    return { kind: 'unknown-case', list: address.list, caseNumber: address.caseNumber };
  }
  const elsewhere = parent !== undefined && parent.caseNumber !== found.number;
  const subject = head?.subject ?? '';
  const doubts: readonly Doubt[] = [
    ...(elsewhere ? (['address-and-references-disagree'] as const) : []),
    ...(namesAnotherCase(subject, found.number, knowledge) ? (['subject-names-another-case'] as const) : []),
    ...(isNewTopic(subject, found.subject) ? (['new-tag-on-a-reply'] as const) : []),
    ...(all.some((other) => other.caseNumber !== found.number) ? (['several-case-addresses'] as const) : []),
  ];
  return {
    kind: 'case',
    case: found,
    scope: doubts.length > 0 || all.some((other) => other.team) ? 'team' : 'participants',
    parent: elsewhere ? undefined : parent,
    doubts,
  };
}

/** R2: programs answer with the outer subject, which says `VS-2026-0042 reply`. */
function namesAnotherCase(subject: string, number: string, { cases }: Knowledge): boolean {
  const named = [...subject.matchAll(/\bVS-\d{4}-\d{4,6}\b/gi)].map(([found]) => found.toUpperCase());
  return !named.includes(number) && named.some((other) => cases.has(other));
}

/** R2: a tag that was typed for a topic other than the case's own. */
function isNewTopic(subject: string, topic: string): boolean {
  return hasNewReportTag(subject) && bareSubject(subject) !== bareSubject(topic);
}

function placeByThread(addressed: readonly string[], { head, parent, knowledge }: Signs): Place {
  const { list, doubts } = widestList(addressed, knowledge.roster);
  const parentCase = parent && knowledge.cases.get(parent.caseNumber);
  if (!parentCase) return { kind: 'new-report', list, doubts, related: undefined };
  // I5: the members of a wider or other list than was written to get nothing by a thread alone.
  const includes = knowledge.roster.lists.get(list)?.includes ?? [];
  if (parentCase.list !== list && !includes.includes(parentCase.list)) {
    const doubt = 'answers-a-case-of-another-list';
    return { kind: 'new-report', list, doubts: [...doubts, doubt], related: parentCase.number };
  }
  // People start new topics by replying to old mail: a fresh tag speaks louder than References (R2).
  if (head && hasNewReportTag(head.subject)) {
    return {
      kind: 'new-report',
      list,
      doubts: [...doubts, 'new-tag-on-a-reply'],
      related: parentCase.number,
    };
  }
  // The case was opened for one list with a warning already: replies to both need no second.
  const still = doubts.filter((doubt) => doubt !== 'sent-to-several-lists');
  return { kind: 'case', case: parentCase, scope: 'list', parent, doubts: still };
}

/** The nearest ancestor we know: In-Reply-To, then References from the last to the first (RFC 5322 §3.6.4). */
function findParent(head: LetterHead, knowledge: Knowledge): FiledMessage | undefined {
  for (const id of [...head.inReplyTo, ...head.references.toReversed()]) {
    const found = knowledge.messages.get(id);
    if (found) return found;
  }
  return undefined;
}

/** M6: sent to several private lists, one case on the one whose members include the others', and a warning. */
export function widestList(
  names: readonly string[],
  roster: Roster,
): Readonly<{ list: string; doubts: readonly Doubt[] }> {
  const [first = ''] = names;
  const covers = (wide: string) =>
    names.every((name) => name === wide || roster.lists.get(wide)?.includes.includes(name));
  const widest = names.find(covers);
  return widest === undefined
    ? { list: first, doubts: ['lists-do-not-include-each-other'] }
    : { list: widest, doubts: new Set(names).size > 1 ? ['sent-to-several-lists'] : [] };
}

function firstList(recipients: readonly ListAddress[], lists: readonly ListSettings[]): string {
  const named = recipients.map((recipient) => recipient.list).find((list) => list !== undefined);
  return named ?? lists[0]?.name ?? '';
}
