import type { Address } from '../../mail/address.ts';
import { oneLine } from '../../mail/one-line.ts';
import { day, formatInstant } from '../../time/instant.ts';
import { attachmentEntity, textEntity } from '../copy/compose-copy.ts';
import { openedEntities } from '../copy/opened-entities.ts';
import { describeAuthor, describeSignature, writeOurPart } from '../copy/our-part.ts';
import { addressOf, type Desk } from '../desk.ts';
import { administratorsAudience } from '../file/audience.ts';
import { cleanMailboxes } from '../file/filing.ts';
import type { Event } from '../journal/event.ts';
import { caseMustExist } from '../judge/case-must-exist.ts';
import type { Finding } from '../judge/rule.ts';
import { type ClosedLetter, isOpened, type Letter, listOf } from '../letter/letter.ts';
import { mayAnswerInClear, repeatableId } from '../notice/receipt.ts';
import { writeNotice } from '../notice/write-notice.ts';
import { administratorsOwe, decideBy } from '../obligation.ts';
import { bodyDigestsOf, isUnopenable } from '../open/opened.ts';
import { type ClearNotice, emptyPlan, type Outgoing, type Plan } from '../plan.ts';

/**
 * Held mail is an obligation with owner and time from the first second (I6). Administrators get all of it, sealed;
 * an authenticated sender is told how to have it passed, once a day, in words that say no more than they know (R4).
 */
export function holdLetter(letter: Letter | ClosedLetter, findings: readonly Finding[], desk: Desk): Plan {
  const list = listOf(letter.place);
  const obligation = administratorsOwe(
    {
      kind: 'decide-held-mail',
      list,
      subject: letter.inboxId,
      dueAt: decideBy(letter.receivedAt, desk.now),
    },
    desk,
  );
  const told = tellSender(letter, findings, desk);
  const from = headOf(letter)?.from[0]?.address;
  const vouched = letter.envelope.authentication.aligned;
  const reasons = findings.map((finding) => finding.rule);
  const held: Event = {
    kind: 'message-held',
    held: {
      inboxId: letter.inboxId,
      list,
      at: letter.receivedAt,
      reasons,
      from,
      vouched,
      obligation: obligation.id,
      ...bodiesOf(letter, reasons),
    },
  };
  const noticed: readonly Event[] = told
    ? [{ kind: 'notice-sent', template: told.template, address: told.recipient, at: desk.now }]
    : [];
  return {
    ...emptyPlan,
    events: [held, ...noticed],
    outgoing: isStorm({ list, from, vouched }, desk)
      ? []
      : [tellAdministrators(letter, findings, desk)].filter((outgoing) => outgoing.readers.length > 0),
    notices: told ? [told] : [],
    obligationsOpened: [obligation],
    inbox: { id: letter.inboxId, state: 'held' },
  };
}

/** A machine that answers each notice with a mail that is held makes the next notice: so many, then the digest tells. */
const noticesForOneAuthor = 5;

/** Whoever only claims an address counts apart: their mail must not silence the notice of its owner's. */
function isStorm(
  { list, from, vouched }: Readonly<{ list: string; from: Address | undefined; vouched: boolean }>,
  { knowledge, now }: Desk,
): boolean {
  const alike = [...knowledge.held.values()].filter(
    (held) => held.list === list && held.from === from && held.vouched === vouched && now - held.at < day,
  );
  return alike.length >= noticesForOneAuthor;
}

function tellAdministrators(
  letter: Letter | ClosedLetter,
  findings: readonly Finding[],
  desk: Desk,
): Outgoing {
  const list = listOf(letter.place);
  const head = headOf(letter);
  const [from] = cleanMailboxes(head?.from ?? []);
  const text = writeOurPart({
    title: `${list} · held mail`,
    lines: [
      { label: 'Why', text: findings.map((finding) => finding.inside).join('\n') },
      { label: 'From', text: describeAuthor(from) },
      { label: 'Subject', text: oneLine(head?.subject ?? '') },
      {
        label: 'Signature',
        text: isOpened(letter) ? describeSignature(letter.opened, letter.signer) : 'not read',
      },
      { label: 'Received', text: formatInstant(letter.receivedAt) },
      { label: 'Decide by', text: formatInstant(decideBy(letter.receivedAt, desk.now)) },
      {
        label: 'Decide',
        text: `by the operator, who reads no mail: send them one of these\nembargod held pass ${letter.inboxId}\nembargod held refuse ${letter.inboxId} --reason "…"`,
      },
    ],
  });
  return writeNotice(
    {
      list,
      caseNumber: undefined,
      readers: administratorsAudience(desk.knowledge.roster, list, desk.now),
      audience: `administrators of ${list}`,
      subject: `Held: ${oneLine(head?.subject ?? '') || 'a mail'}`,
      text,
      entities: heldEntities(letter, desk),
      replyTo: addressOf(desk, list),
    },
    desk,
  );
}

/** What could be opened is shown opened; what could not goes as it came. */
function heldEntities(letter: Letter | ClosedLetter, desk: Desk): readonly Uint8Array[] {
  const asItCame = (why: string) => [
    textEntity(`${why}\n`),
    attachmentEntity(
      {
        contentType: 'application/octet-stream',
        fileName: 'held.eml',
        bytes: letter.raw,
        description: 'The mail as it came in',
      },
      desk.base64,
    ),
  ];
  if (!isOpened(letter)) {
    const { reason, detail } = letter.opened;
    return asItCame(`It could not be opened: ${reason}. ${oneLine(detail)}`);
  }
  return isOfAnotherList(letter, desk)
    ? asItCame('It is not shown opened: a part of it belongs to a case of another list.')
    : [letter.opened.entity, ...openedEntities(letter, desk)];
}

/** K1: held for having come in before, on another list, it must not be opened for the administrators of this one. */
function isOfAnotherList({ opened, place }: Letter, { knowledge: { bodies, cases } }: Desk): boolean {
  const digests = [opened.bodyDigest, ...opened.inner.map((part) => part.bodyDigest)];
  return digests.some((digest) => {
    const seen = digest === undefined ? undefined : bodies.get(digest);
    return seen !== undefined && cases.get(seen)?.list !== listOf(place);
  });
}

function tellSender(
  letter: Letter | ClosedLetter,
  findings: readonly Finding[],
  desk: Desk,
): ClearNotice | undefined {
  const passable = findings.every((finding) => finding.rule === 'new-report-must-be-tagged-or-encrypted');
  if (!isOpened(letter) || !passable || !mayAnswerInClear(letter, desk)) return undefined;
  // I9: an answer to a mail that we know is filed in silence, so one to a mail we do not know is held in silence.
  const { head } = letter.opened;
  if (head.inReplyTo.length > 0 || head.references.length > 0) return undefined;
  const [to] = letter.opened.outer.from;
  const inReplyTo = repeatableId(letter.opened.outer.messageId);
  const list = listOf(letter.place);
  return (
    to && {
      template: 'held-how-to-pass',
      parameters: {
        list,
        receivedAt: formatInstant(letter.receivedAt),
        token: desk.token('held', letter.inboxId),
        ...(inReplyTo ? { inReplyTo } : {}),
      },
      recipient: to.address,
      list,
      caseNumber: undefined,
    }
  );
}

/**
 * I9: what comes sealed to a case is bound to it, whether the case exists or not. Else the same sealed mail, sent to a
 * guessed number first and to the list afterwards, would be answered only where the number was wrong.
 */
function bodiesOf(letter: Letter | ClosedLetter, reasons: readonly string[]) {
  const { place } = letter;
  const only = reasons.every((reason) => reason === caseMustExist.name);
  if (!isOpened(letter) || place.kind !== 'unknown-case' || !only) return {};
  const digests = bodyDigestsOf(letter.opened);
  return digests.length > 0 ? { bodies: { caseNumber: place.caseNumber, digests } } : {};
}

function headOf(letter: Letter | ClosedLetter) {
  return isUnopenable(letter.opened) ? letter.opened.outer : letter.opened.head;
}
