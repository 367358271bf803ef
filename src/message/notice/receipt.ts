import type { Case } from '../../case/case.ts';
import { domainOf, sameMailbox } from '../../mail/address.ts';
import type { MessageId } from '../../mail/letter-head.ts';
import { caseAddress } from '../../mail/list-address.ts';
import { representativesOf } from '../../membership/roster.ts';
import { day, formatInstant } from '../../time/instant.ts';
import { writeOurPart } from '../copy/our-part.ts';
import { type Desk, settingsOf } from '../desk.ts';
import { reporterReader } from '../file/audience.ts';
import { noticeKey } from '../journal/knowledge.ts';
import type { Letter } from '../letter/letter.ts';
import type { Plan, Reader } from '../plan.ts';
import { writeNotice } from './write-notice.ts';

type Receipt = Pick<Plan, 'events' | 'outgoing' | 'notices'>;
const none: Receipt = { events: [], outgoing: [], notices: [] };

/**
 * R4: within seconds the reporter knows case, list, instant and what happens next. Sealed where a certificate is
 * pinned (A1); in clear, without content, only to an authenticated sender and once a day; otherwise not at all,
 * or anyone could make us write to anyone. Members of the list see their own copy.
 */
export function planReceipt(letter: Letter, subject: Case, desk: Desk): Receipt {
  const { reporter } = subject;
  if (!reporter) return none;
  const members = representativesOf(desk.knowledge.roster, subject.list, desk.now);
  if (members.some((member) => sameMailbox(member.address, reporter.address))) return none;
  const reader = reporterReader(subject, desk.knowledge.roster, desk.now);
  if (reader)
    return mayAnswerSealed(letter, subject, desk) ? sealedAnswer(letter, subject, reader, desk) : none;
  return mayAnswerInClear(letter, desk) ? clearReceipt(letter, subject, desk) : none;
}

/** From names whom we write to and proves nothing: unless it is vouched for, one answer a day and address (R4). */
function mayAnswerSealed({ envelope, signer }: Letter, { reporter }: Case, desk: Desk): boolean {
  const last = reporter && desk.knowledge.notices.get(noticeKey('receipt', reporter.address));
  const vouched = signer.kind === 'representative' || envelope.authentication.aligned;
  return vouched || last === undefined || desk.now - last >= day;
}

function sealedAnswer(letter: Letter, subject: Case, reader: Reader, desk: Desk): Receipt {
  const outgoing = [sealedReceipt({ letter, subject, reader }, desk)];
  if (letter.signer.kind === 'representative') return { ...none, outgoing };
  const told = { kind: 'notice-sent', template: 'receipt', address: reader.address, at: desk.now } as const;
  return { ...none, events: [told], outgoing };
}

function sealedReceipt(
  { letter, subject, reader }: Readonly<{ letter: Letter; subject: Case; reader: Reader }>,
  desk: Desk,
) {
  const settings = settingsOf(desk, subject.list);
  const answered = repeatableId(letter.opened.outer.messageId);
  const text = writeOurPart({
    title: `${subject.number} · ${subject.list} · receipt`,
    lines: [
      { label: 'Received', text: `${formatInstant(subject.receivedAt)}, by ${subject.list}` },
      {
        label: 'Your key',
        text: subject.reporter?.representative
          ? 'the one we know you by; what the list writes to you is sealed to it'
          : 'this receipt is sealed to the one you sent us',
      },
      {
        label: 'Next',
        text: `members review it and agree a release date with the reporter,\nat most ${settings.maximumEmbargoDays} days after the list first received the report`,
      },
      {
        label: 'A reply',
        text: `to ${caseAddress(subject.list, subject.number, desk.domain)}\nreaches the members of ${subject.list}; please encrypt it`,
      },
    ],
  });
  return writeNotice(
    {
      list: subject.list,
      caseNumber: subject.number,
      readers: [reader],
      audience: 'reporter',
      subject: `${subject.number}: your mail was received`,
      text,
      replyTo: caseAddress(subject.list, subject.number, desk.domain),
      references: answered ? [answered] : [],
    },
    desk,
  );
}

function clearReceipt(letter: Letter, subject: Case, desk: Desk): Receipt {
  const to = letter.opened.outer.from[0]?.address;
  if (!to) return none;
  const { inReplyTo: parents, references, messageId } = letter.opened.outer;
  const inReplyTo = repeatableId(messageId);
  // I9: mail in clear joins a case by a Message-ID (R5). With its number, two strangers who name one id would compare.
  const joins = letter.opened.encryption.kind === 'none' && parents.length + references.length > 0;
  const number = joins ? undefined : subject.number;
  const parameters = {
    list: subject.list,
    receivedAt: formatInstant(subject.receivedAt),
    ...(inReplyTo ? { inReplyTo } : {}),
  };
  return {
    events: [{ kind: 'notice-sent', template: 'receipt', address: to, at: desk.now }],
    outgoing: [],
    notices: [{ template: 'receipt', parameters, recipient: to, list: subject.list, caseNumber: number }],
  };
}

/** The id that a notice answers; none rather than one that `sender` would refuse to repeat (P5). */
export function repeatableId(messageId: MessageId | undefined): MessageId | undefined {
  return messageId && /^<[!-;=?A-~]{1,125}@[!-;=?A-~]{1,124}>$/.test(messageId) ? messageId : undefined;
}

/** Aligned SPF or DKIM for the From that would be answered, and no clear notice to it within a day. */
export function mayAnswerInClear(letter: Pick<Letter, 'envelope' | 'opened'>, desk: Desk): boolean {
  const from = letter.opened.outer.from;
  const to = from[0]?.address;
  if (!to || from.length > 1 || !letter.envelope.authentication.aligned) return false;
  if (letter.envelope.mailFrom === '' || domainOf(to) === desk.domain) return false;
  // A clear notice is ASCII, as the relay may know no SMTPUTF8.
  if (!/^[!-~]+$/.test(to)) return false;
  const last = (['receipt', 'held-how-to-pass'] as const)
    .map((template) => desk.knowledge.notices.get(noticeKey(template, to)))
    .filter((at) => at !== undefined);
  return last.every((at) => desk.now - at >= day);
}
