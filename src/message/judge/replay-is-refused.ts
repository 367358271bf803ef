import type { Knowledge } from '../journal/knowledge.ts';
import type { FiledMessage } from '../journal/message-event.ts';
import type { Letter, Place } from '../letter/letter.ts';
import type { Rule } from './rule.ts';

/**
 * The same content and the same signature from the same author to the same place, again: a repeat of a mail we have
 * (I1's second window, T8). The same content from somebody else, or filed elsewhere, passes, marked: a stolen report
 * sent in first must not swallow the real one.
 */
export const replayIsRefused: Rule = {
  name: 'replay-is-refused',
  judge: ({ opened, place }, knowledge) => {
    const signature = opened.signature.kind === 'valid' ? opened.signature.digest : undefined;
    const from = opened.head.from[0]?.address;
    const same = (knowledge.contents.get(opened.contentDigest) ?? []).filter(
      (filed) => filed.signatureDigest === signature,
    );
    const repeat = same.find(
      (filed) =>
        filed.from === from &&
        filed.authorsMessageId === opened.head.messageId &&
        // It may say what the text does not: sent in first under a harmless one, a mail would take that away.
        filed.subject === opened.head.subject &&
        // A block beside the mail's own is in no entity; sent in first without it, a mail would take it away.
        opened.inner.every((part) => filed.bodyDigests.includes(part.bodyDigest)) &&
        belongsHere(filed, place, knowledge),
    );
    if (repeat) {
      return {
        kind: 'refuse',
        inside: `It repeats a mail that was filed under ${repeat.caseNumber}.`,
        outside: '',
      };
    }
    const [first] = same;
    return first
      ? mark(
          `The same content had come before, from ${first.from ?? 'nobody'}, and is filed under ${first.caseNumber}.`,
        )
      : repeatedId(opened, knowledge);
  },
};

/** Filed where this one would be: under the same case, or as the very report that opened one on the same list. */
function belongsHere({ caseNumber, scope, at }: FiledMessage, place: Place, { cases }: Knowledge): boolean {
  // To the team first and to everybody afterwards is no repeat: others are to read it.
  if (place.kind === 'case') return place.case.number === caseNumber && place.scope === scope;
  const filed = cases.get(caseNumber);
  return place.kind === 'new-report' && filed?.list === place.list && filed.receivedAt === at;
}

/** T8: another mail with a Message-ID that we know is only marked, or anyone could swallow a report by being first. */
function repeatedId({ head }: Letter['opened'], { messages }: Knowledge) {
  const first = head.messageId && messages.get(head.messageId);
  return first ? mark(`Its Message-ID is that of another mail, filed under ${first.caseNumber}.`) : undefined;
}

function mark(inside: string) {
  return { kind: 'mark', inside, outside: '' } as const;
}
