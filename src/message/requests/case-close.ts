import type { Case } from '../../case/case.ts';
import { writeOurPart } from '../copy/our-part.ts';
import { addressOf, type Desk } from '../desk.ts';
import { membersAudience } from '../file/audience.ts';
import { writeNotice } from '../notice/write-notice.ts';
import type { Outgoing } from '../plan.ts';
import { done, type Execute, refused } from './execution.ts';
import type { Request } from './request.ts';

/** Ends that the case's posting brings with it; what else is owed for it stays owed. */
const endedByPosting = ['publish', 'review-new-report'];

/**
 * A case ends in public (DESIGN, promise 2): whoever runs the list names its posting, and the members are told where it
 * is said to be, so that a posting that is none is noticed. The case desk will find the posting by itself.
 */
export const caseClose: Execute<Extract<Request, { kind: 'case-close' }>> = async (
  { caseNumber, posting },
  desk,
  tools,
) => {
  const subject = desk.knowledge.cases.get(caseNumber);
  if (!subject) return refused(`There is no case ${caseNumber}. See: embargod case list`);
  if (subject.state === 'closed') return refused(`${caseNumber} is closed already.`);
  const ending = 'done: it is public';
  const settled = (await tools.openObligations()).filter(
    (owed) => owed.subject === caseNumber && endedByPosting.includes(owed.kind),
  );
  return done(
    [`${caseNumber} is closed; its members are told where it is public: ${posting}`],
    { number: caseNumber, state: 'closed', posting },
    {
      events: [
        { kind: 'case-closed', caseNumber, posting, at: desk.now },
        ...settled.map(({ id }) => ({ kind: 'obligation-settled', obligation: id, ending }) as const),
      ],
      cases: [{ number: caseNumber, list: subject.list, openedAt: subject.receivedAt, state: 'closed' }],
      obligationsSettled: settled.map(({ id }) => ({ id, ending: 'done' })),
      outgoing: tellMembers(subject, posting, desk),
    },
  );
};

function tellMembers({ number, list }: Case, posting: string, desk: Desk): readonly Outgoing[] {
  const readers = membersAudience(desk.knowledge.roster, list, desk.now);
  if (readers.length === 0) return [];
  const notice = writeNotice(
    {
      list,
      caseNumber: number,
      readers,
      audience: `members of ${list}`,
      subject: `${number} is public`,
      text: writeOurPart({
        title: `${number} · ${list} · closed`,
        lines: [
          { label: 'Public at', text: posting },
          { label: 'Objection', text: `to ${addressOf(desk, list).replace('@', '-owner@')}` },
        ],
      }),
      replyTo: addressOf(desk, list),
    },
    desk,
  );
  return [notice];
}
