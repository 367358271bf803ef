import { oneLine } from '../../mail/one-line.ts';
import { openedEntities } from '../copy/opened-entities.ts';
import {
  describeArrival,
  describeAuthor,
  describeMarks,
  describeSignature,
  writeOurPart,
} from '../copy/our-part.ts';
import { addressOf, type Desk } from '../desk.ts';
import { administratorsAudience } from '../file/audience.ts';
import { authorOf } from '../file/filing.ts';
import { holdLetter } from '../hold/hold-letter.ts';
import { type Finding, waitsForAnAdministrator } from '../judge/rule.ts';
import { type Letter, listOf } from '../letter/letter.ts';
import { emptyPlan, type Plan } from '../plan.ts';
import { writeNotice } from './write-notice.ts';

/** T8: what nobody would read is kept for who comes. */
const nobodyReadsIt: Finding = {
  kind: 'hold',
  rule: 'an-administrator-must-be-there',
  inside: 'The list has no administrator who could read it.',
  outside: waitsForAnAdministrator,
};

/** Mail to `-owner`, postmaster, or about held mail: the administrators read it, sealed; it is no case. */
export function writeToAdministrators(letter: Letter, marks: readonly Finding[], desk: Desk): Plan {
  const list = listOf(letter.place);
  const author = authorOf(letter);
  // It stands outside the copy: an address that its author kept inside the encryption stays inside (I2).
  const replyTo = letter.opened.outer.from[0]?.address;
  const text = writeOurPart({
    title: `${list} · mail to the administrators`,
    lines: [
      { label: 'From', text: describeAuthor(author) },
      { label: 'Signature', text: describeSignature(letter.opened, letter.signer) },
      { label: 'Received', text: describeArrival(letter) },
      { label: 'Note', text: describeMarks(marks) },
      {
        label: 'A reply',
        text: replyTo ? `to this mail goes to ${replyTo}, in clear unless you seal it` : 'has nowhere to go',
      },
    ].filter((line) => line.text !== ''),
  });
  const readers = administratorsAudience(desk.knowledge.roster, list, desk.now);
  if (readers.length === 0) return holdLetter(letter, [nobodyReadsIt], desk);
  const notice = writeNotice(
    {
      list,
      caseNumber: undefined,
      readers,
      audience: `administrators of ${list}`,
      subject: oneLine(letter.opened.head.subject) || '(no subject)',
      text,
      entities: [letter.opened.entity, ...openedEntities(letter, desk)],
      replyTo: replyTo ?? addressOf(desk, list),
    },
    desk,
  );
  return {
    ...emptyPlan,
    events: [
      {
        kind: 'administrators-written-to',
        inboxId: letter.inboxId,
        list,
        from: author?.address,
        at: letter.receivedAt,
      },
    ],
    outgoing: [notice],
    inbox: { id: letter.inboxId, state: 'judged' },
  };
}
