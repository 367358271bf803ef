import type { Case, Reporter } from '../../case/case.ts';
import { latestRelease } from '../../case/case.ts';
import { drawCaseNumber } from '../../case/draw-case-number.ts';
import { type Address, sameMailbox } from '../../mail/address.ts';
import { readListAddress } from '../../mail/list-address.ts';
import { hasTag } from '../../mail/subject-tag.ts';
import type { Certificate } from '../../membership/certificate.ts';
import { mayRead } from '../../membership/roster.ts';
import { later } from '../../time/instant.ts';
import { writeCopies, writeInClear } from '../copy/write-copies.ts';
import { type Desk, freshMessageId, settingsOf } from '../desk.ts';
import type { Event } from '../journal/event.ts';
import type { FiledMessage } from '../journal/message-event.ts';
import type { Finding } from '../judge/rule.ts';
import type { Letter, Place } from '../letter/letter.ts';
import { answerWriter } from '../notice/answer-writer.ts';
import { planReceipt } from '../notice/receipt.ts';
import { administratorsOwe, reviewWithin } from '../obligation.ts';
import { bodyDigestsOf } from '../open/opened.ts';
import { emptyPlan, type Plan } from '../plan.ts';
import { type Audience, audienceOf, readersOf } from './audience.ts';
import { authorOf, type Filing } from './filing.ts';
import { type JudgedCommands, judgeCommands } from './judge-commands.ts';
import { decideInClear } from './reporter-in-clear.ts';

type NewReport = Extract<Place, { kind: 'new-report' }>;
type CasePlace = Extract<Place, { kind: 'case' }>;

/** Opens a case for a new report: its members have their copies, its reporter a receipt (R4). */
export function fileNewReport(letter: Letter, place: NewReport, marks: readonly Finding[], desk: Desk): Plan {
  const { cases, purged } = desk.knowledge;
  const number = drawCaseNumber(desk.now, new Set([...cases.keys(), ...purged]), desk.chance.below);
  const opened = openCase(letter, place, number, desk);
  const settings = settingsOf(desk, place.list);
  const filed = file(letter, { case: opened, kind: 'new', scope: 'list', parent: undefined, marks }, desk);
  const receipt = planReceipt(letter, opened, desk);
  const reporter = opened.reporter;
  const about = { list: place.list, subject: number };
  const review = administratorsOwe(
    { ...about, kind: 'review-new-report', dueAt: later(letter.receivedAt, reviewWithin) },
    desk,
  );
  return {
    ...filed,
    events: [
      { kind: 'case-opened', case: opened },
      ...filed.events,
      { kind: 'review-owed', caseNumber: number, obligation: review.id },
      ...receipt.events,
    ],
    outgoing: [...filed.outgoing, ...receipt.outgoing],
    notices: receipt.notices,
    cases: [{ number, list: place.list, openedAt: letter.receivedAt, state: 'open' }],
    readers:
      reporter?.certificate && !reporter.representative ? [readerOf(reporter, reporter.certificate)] : [],
    obligationsOpened: [
      review,
      // I6: the case has a next step until its public posting, whatever else is forgotten.
      administratorsOwe(
        { ...about, kind: 'publish', dueAt: latestRelease(opened, settings.maximumEmbargoDays) },
        desk,
      ),
    ],
  };
}

/** Files a reply under its case for the audience that its address and its doubts allow (R1, R2). */
export function fileReply(letter: Letter, place: CasePlace, marks: readonly Finding[], desk: Desk): Plan {
  const scope = place.doubts.length > 0 ? 'team' : place.scope;
  const replied = file(letter, { case: place.case, kind: 'reply', scope, parent: place.parent, marks }, desk);
  const filed = withStrangersReceipt(replied, letter, place, desk);
  const review = desk.knowledge.reviews.get(place.case.number);
  if (!review || !isAnswerOfMember(letter, place.case, desk)) return filed;
  const ending = 'done: a member answered';
  return {
    ...filed,
    events: [...filed.events, { kind: 'obligation-settled', obligation: review, ending }],
    obligationsSettled: [{ id: review, ending }],
  };
}

/**
 * I9: a stranger who writes to the list and names a Message-ID in In-Reply-To must not learn by our silence that we
 * know it. What would have been answered as a new report is answered as a reply too, in the same words.
 */
function withStrangersReceipt(filed: Plan, letter: Letter, place: CasePlace, desk: Desk): Plan {
  const { opened, signer } = letter;
  const known = signer.kind === 'representative' || signer.kind === 'participant';
  const asReport = opened.encryption.kind !== 'none' || hasTag(opened.head.subject);
  if (known || place.scope !== 'list' || !asReport) return filed;
  const stranger = reporterOf(letter, desk);
  const receipt = planReceipt(
    letter,
    { ...place.case, receivedAt: letter.receivedAt, reporter: stranger },
    desk,
  );
  return {
    ...filed,
    events: [...filed.events, ...receipt.events],
    outgoing: [...filed.outgoing, ...receipt.outgoing],
    notices: [...filed.notices, ...receipt.notices],
    readers: stranger?.certificate
      ? [...filed.readers, readerOf(stranger, stranger.certificate)]
      : filed.readers,
  };
}

/** Proved by signature, and not the reporter talking to themselves. */
function isAnswerOfMember({ signer }: Letter, { reporter }: Case, { now }: Desk): boolean {
  return (
    signer.kind === 'representative' &&
    mayRead(signer.representative, now) &&
    signer.representative.id !== reporter?.representative
  );
}

function file(
  letter: Letter,
  to: Readonly<{
    case: Case;
    kind: 'new' | 'reply';
    scope: CasePlace['scope'];
    parent: FiledMessage | undefined;
    marks: readonly Finding[];
  }>,
  desk: Desk,
): Plan {
  const signedBy = signerId(letter, to.case);
  const audience = audienceOf(to.case, {
    roster: desk.knowledge.roster,
    now: desk.now,
    membersOnly: to.scope !== 'participants',
    signedBy,
    from: signedBy === undefined ? authorOf(letter)?.address : undefined,
  });
  const messageId = freshMessageId(desk);
  const outsiders = outsidersOf(letter, audience, to.case, desk);
  const commands = judgeCommands(letter, to.case, desk);
  const reporterInClear = decideInClear({ letter, subject: to.case, audience, commands }, desk);
  const filing: Filing = { letter, ...to, audience, messageId, outsiders, reporterInClear };
  return {
    ...emptyPlan,
    events: [filedEvent(filing), ...spentEvents(filing, commands, desk)],
    outgoing: [...writeCopies(filing, desk), ...answerWriter({ filing, signedBy, commands }, desk)],
    permitted: writeInClear(filing, desk),
    inbox: { id: letter.inboxId, state: 'judged' },
  };
}

function openCase(letter: Letter, place: NewReport, number: string, desk: Desk): Case {
  return {
    number,
    list: place.list,
    receivedAt: letter.receivedAt,
    subject: letter.opened.head.subject,
    subjectInClear: letter.opened.encryption.kind === 'none',
    reporter: reporterOf(letter, desk),
    guests: [],
    state: 'open',
  };
}

function reporterOf(letter: Letter, desk: Desk): Reporter | undefined {
  const { signer } = letter;
  if (signer.kind === 'representative') {
    const { id, address } = signer.representative;
    return { id, address, name: authorOf(letter)?.name, representative: id, certificate: undefined };
  }
  const author = authorOf(letter);
  if (!author) return undefined;
  return {
    id: desk.chance.uuid(),
    address: author.address,
    name: author.name,
    representative: undefined,
    certificate: pinnable(letter),
  };
}

/** A1: pinned only from inside the encryption, when that same certificate signed the report. */
function pinnable(letter: Letter): Certificate | undefined {
  const { opened, signer } = letter;
  return opened.encryption.kind !== 'none' && signer.kind === 'enclosed' ? signer.certificate : undefined;
}

/** Reader id of who wrote, by signature only: with a forged From nobody is kept from seeing what is said as theirs. */
function signerId({ signer, opened }: Letter, subject: Case): string | undefined {
  if (signer.kind === 'representative') return signer.representative.id;
  if (signer.kind !== 'participant') return undefined;
  if (signer.role === 'reporter') return subject.reporter?.id;
  const { signature } = opened;
  return subject.guests.find(
    ({ certificate }) => signature.kind === 'valid' && certificate.fingerprint === signature.fingerprint,
  )?.id;
}

function filedEvent({ letter, case: subject, scope, messageId, outsiders }: Filing): Event {
  const { opened } = letter;
  return {
    kind: 'message-filed',
    message: {
      caseNumber: subject.number,
      messageId,
      authorsMessageId: opened.head.messageId,
      from: authorOf(letter)?.address,
      subject: opened.head.subject,
      scope,
      contentDigest: opened.contentDigest,
      signatureDigest: opened.signature.kind === 'valid' ? opened.signature.digest : undefined,
      bodyDigests: bodyDigestsOf(opened),
      inboxId: letter.inboxId,
      outsiders,
      at: letter.receivedAt,
    },
  };
}

/** A2: whatever became of its commands, a signature that carried any, or sent a mail in clear, is used up. */
function spentEvents(
  { letter, case: subject, messageId, reporterInClear }: Filing,
  { accepted, refused }: JudgedCommands,
  { now: at }: Desk,
): readonly Event[] {
  const { signature } = letter.opened;
  const caseNumber = subject.number;
  const commands = [...accepted, ...refused].map(({ line }) => line);
  const inClear = reporterInClear.kind === 'in-clear' ? reporterInClear : undefined;
  if (signature.kind !== 'valid' || (commands.length === 0 && !inClear)) return [];
  return [
    { kind: 'signature-spent', caseNumber, digest: signature.digest, commands, at },
    ...(inClear
      ? [
          {
            kind: 'sent-in-clear',
            caseNumber,
            messageId,
            recipient: inClear.address,
            by: inClear.by,
            at,
          } as const,
        ]
      : []),
  ];
}

/** M5: what happens to the author's other addressees is decided (nothing) and said. */
function outsidersOf(letter: Letter, audience: Audience, subject: Case, desk: Desk): readonly Address[] {
  const lists = [...desk.knowledge.roster.lists.keys()];
  const { to, cc } = letter.opened.head;
  const known = [
    ...readersOf(audience).map((reader) => reader.address),
    ...(subject.reporter ? [subject.reporter.address] : []),
  ];
  return [...new Set([...to, ...cc].map((mailbox) => mailbox.address))].filter(
    (address) =>
      readListAddress(address, desk.domain, lists) === undefined &&
      !known.some((other) => sameMailbox(other, address)),
  );
}

function readerOf(reporter: Reporter, certificate: Certificate) {
  return {
    id: reporter.id,
    address: reporter.address,
    standing: 'active' as const,
    certificates: [certificate],
  };
}
