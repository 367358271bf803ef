import type { MessageId } from '../../mail/letter-head.ts';
import { caseAddress } from '../../mail/list-address.ts';
import { oneLine } from '../../mail/one-line.ts';
import { addressOf, boundary, type Desk, settingsOf } from '../desk.ts';
import { authorOf, cleanMailboxes, type Filing } from '../file/filing.ts';
import type { Letter } from '../letter/letter.ts';
import type { OuterHead, Outgoing, PermittedMail, Reader, Unreached } from '../plan.ts';
import { writeClearMail } from './clear-mail.ts';
import { composeInside, textEntity } from './compose-copy.ts';
import { openedEntities } from './opened-entities.ts';
import { verdictWord } from './our-part.ts';
import { nameViaList } from './outer-header.ts';
import { writeCopyPart } from './write-copy-part.ts';

/** Longest chain of References repeated outside: enough for any reader's threads. */
const longestChain = 20;

/** One body per audience (K5): members, the reporter, each guest. */
export function writeCopies(filing: Filing, desk: Desk): readonly Outgoing[] {
  const { audience } = filing;
  const groups: readonly (readonly Reader[])[] = [
    audience.members,
    audience.reporter ? [audience.reporter] : [],
    ...audience.guests.map((guest) => [guest]),
  ];
  const outer = outerHead(filing, desk);
  return groups
    .filter((readers) => readers.length > 0)
    .map((readers) => ({
      list: filing.case.list,
      caseNumber: filing.case.number,
      messageId: filing.messageId,
      outer,
      readers,
      compose: (unreached: readonly Unreached[]) => composeFor(readers, unreached, { filing, outer, desk }),
    }));
}

/** What goes in clear to a reporter without a certificate, where policy and writer say so (R3). */
export function writeInClear(filing: Filing, desk: Desk): readonly PermittedMail[] {
  const { reporterInClear: decided } = filing;
  if (decided.kind !== 'in-clear') return [];
  const to = { recipient: decided.address, entity: decided.entity, outer: outerHead(filing, desk) };
  return [writeClearMail(filing, to, desk)];
}

function composeFor(
  readers: readonly Reader[],
  unreached: readonly Unreached[],
  { filing, outer, desk }: Readonly<{ filing: Filing; outer: OuterHead; desk: Desk }>,
): Uint8Array {
  const { letter, case: subject } = filing;
  const forMembers = readers[0]?.role === 'member';
  const opened = letter.opened;
  // K1: what was opened inside a mail goes to members only.
  const inner = forMembers ? openedEntities(letter, desk) : [];
  return composeInside({
    list: subject.list,
    listAddress: addressOf(desk, subject.list),
    caseNumber: subject.number,
    messageId: filing.messageId,
    outer,
    at: desk.now,
    subject: insideSubject(letter),
    author: authorOf(letter),
    to: cleanMailboxes(opened.head.to),
    cc: cleanMailboxes(opened.head.cc),
    audience: forMembers ? `members of ${subject.list}` : readers.map((reader) => reader.role).join(', '),
    verdict: verdictWord(opened),
    ourPart: writeCopyPart(forMembers, unreached, filing, desk),
    entities: [opened.entity, ...aroundEntities(opened.textAround), ...inner],
    boundary: boundary(desk),
  });
}

/** K2: clear text around an encrypted block is nobody's word; it stays apart, quoted, so that no line is a command (A2). */
function aroundEntities(textAround: string | undefined): readonly Uint8Array[] {
  if (!textAround?.trim()) return [];
  const quoted = textAround.split(/\r\n|[\r\n\u0085\u2028\u2029]/).map((line) => `> ${line}`);
  const title = 'Text that stood in clear around the encrypted part; nothing proves who wrote it:';
  return [textEntity([title, '', ...quoted, ''].join('\n'))];
}

/** FIELD §2: a report that came in clear is passed on encrypted, its subject tagged `[vs-plain]`. */
function insideSubject(letter: Letter): string {
  const subject = oneLine(letter.opened.head.subject) || '(no subject)';
  return letter.opened.encryption.kind === 'none' ? subject.replace(/\[vs\]/i, '[vs-plain]') : subject;
}

/** An id that our header can repeat as it is: ASCII, and short enough for one line (RFC 5322 §2.1.1). */
function fitsHeader(id: MessageId): boolean {
  return /^<[!-;=?-~]{1,900}>$/.test(id);
}

function outerHead(filing: Filing, desk: Desk): OuterHead {
  const { letter, case: subject, parent } = filing;
  const settings = settingsOf(desk, subject.list);
  // RFC 9788 §3.2: a name that the author kept inside the encryption stays inside.
  const [author] = cleanMailboxes(letter.opened.outer.from);
  const shown = settings.outerSubject === 'shown-if-clear' && letter.opened.encryption.kind === 'none';
  // The same of ids: what stood in the outer header has travelled in clear, the others never do.
  const head = letter.opened.outer;
  const chain = [
    ...head.references.slice(-longestChain),
    ...head.inReplyTo.slice(0, 1),
    ...(parent ? [parent.messageId] : []),
  ];
  return {
    fromName: nameViaList(author, subject.list),
    replyTo: caseAddress(subject.list, subject.number, desk.domain),
    subject: shown ? `${subject.number} ${insideSubject(letter)}` : `${subject.number} ${filing.kind}`,
    inReplyTo: parent?.messageId,
    // Oldest first (RFC 5322 §3.6.4). M3: the author's own id last, so that the copy threads with a direct Cc of it.
    references: [...new Set([...chain, ...(head.messageId ? [head.messageId] : [])])].filter(fitsHeader),
    notice: false,
  };
}
