/**
 * The clear notices that exist, word for word (P5): `sender` writes them itself from a template id and typed
 * parameters, so that nothing from a report can travel in one. Answers of a machine, as RFC 3834 wants them.
 */
import type { Address } from '../../mail/address.ts';
import { caseAddress, listAddress, tokenAddress } from '../../mail/list-address.ts';
import { formatMailDate } from '../../mail/write-date.ts';
import { encodeHeader, encodeMailboxes, foldReferences } from '../../mail/write-header.ts';
import { formatInstant, type Instant } from '../../time/instant.ts';
import type { OutboxRow } from '../ports.ts';
import {
  type CheckedNotice,
  type MalformedNotice,
  type MissingStep,
  type ParkedFault,
  readClearNotice,
  readNoticeAddress,
} from './read-clear-notice.ts';

export type RenderedNotice = Readonly<{ kind: 'notice'; text: string }> | MalformedNotice;

/** The whole mail, CRLF, ASCII; the same bytes at each attempt, as id and date come from the row. */
export function renderClearNotice(
  row: Omit<OutboxRow, 'state' | 'permitId'> & Readonly<{ createdAt: Instant }>,
  domain: string,
): RenderedNotice {
  const notice = readClearNotice(row);
  if (notice.kind === 'malformed') return notice;
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(row.list)) return { kind: 'malformed', parameter: 'list' };
  if (!/^[A-Za-z0-9-]{1,64}$/.test(row.id)) return { kind: 'malformed', parameter: 'id' };
  // RFC 3834 §3.3: an automatic answer must not be answered by another machine.
  if (row.returnPath !== '') return { kind: 'malformed', parameter: 'returnPath' };
  const recipient = readNoticeAddress(row.recipient);
  if (!recipient) return { kind: 'malformed', parameter: 'recipient' };
  const header = writeHeader(notice, { list: row.list, domain, recipient, id: row.id, at: row.createdAt });
  const body = `${writeBody(notice, row.list).join('\n')}\n`;
  return { kind: 'notice', text: `${header}\r\n${body.replaceAll('\n', '\r\n')}` };
}

type Frame = Readonly<{ list: string; domain: string; recipient: Address; id: string; at: Instant }>;

function writeHeader(notice: CheckedNotice, frame: Frame): string {
  const from = listAddress(frame.list, frame.domain);
  const inReplyTo = notice.kind === 'reader-parked' ? undefined : notice.inReplyTo;
  return [
    encodeMailboxes('From', [{ name: frame.list, address: from }]),
    encodeMailboxes('To', [{ name: undefined, address: frame.recipient }]),
    encodeHeader('Reply-To', replyTo(notice, frame)),
    encodeHeader('Subject', subject(notice, frame.list)),
    encodeHeader('Date', formatMailDate(frame.at)),
    encodeHeader('Message-ID', `<notice.${frame.id}@${frame.domain}>`),
    inReplyTo ? foldReferences('In-Reply-To', [inReplyTo]) : '',
    inReplyTo ? foldReferences('References', [inReplyTo]) : '',
    // RFC 3834 §5.
    encodeHeader('Auto-Submitted', notice.kind === 'reader-parked' ? 'auto-generated' : 'auto-replied'),
    encodeHeader('MIME-Version', '1.0'),
    encodeHeader('Content-Type', 'text/plain; charset=us-ascii'),
    encodeHeader('Content-Transfer-Encoding', '7bit'),
  ].join('');
}

function replyTo(notice: CheckedNotice, { list, domain }: Frame): Address {
  switch (notice.kind) {
    case 'receipt':
      return notice.caseNumber === undefined
        ? listAddress(list, domain)
        : caseAddress(list, notice.caseNumber, domain);
    case 'held-how-to-pass':
      return tokenAddress(list, 'held', notice.heldToken, domain);
    case 'reader-parked':
      return listAddress(`${list}-owner`, domain);
  }
}

function subject(notice: CheckedNotice, list: string): string {
  switch (notice.kind) {
    case 'receipt':
      return `${notice.caseNumber === undefined ? 'Received' : notice.caseNumber}: your report to ${list} has arrived`;
    case 'held-how-to-pass':
      return `Your mail to ${list} is waiting: one step is missing`;
    case 'reader-parked':
      return `${list} cannot encrypt to your OpenPGP certificate`;
  }
}

function writeBody(notice: CheckedNotice, list: string): readonly string[] {
  switch (notice.kind) {
    case 'receipt':
      return [
        notice.caseNumber === undefined
          ? `Thank you. Your report reached ${list}.`
          : `Thank you. Your report reached ${list} and is now case ${notice.caseNumber}.`,
        '',
        `Received: ${formatInstant(notice.receivedAt)}`,
        '',
        'What happens next:',
        '',
        '- The members of the list read your report and answer you.',
        '- A date and time to make it public must be agreed with you: if you have',
        '  proposed one, it holds once it is agreed; if not, you will be asked.',
        '  At most 14 days may pass from the time above; fewer are better.',
        '- To add to your report, reply to this mail. Please encrypt with the',
        `  list's OpenPGP key, as anybody on the way can read mail in clear.`,
        '',
        'This is an automatic receipt. It contains nothing of your report.',
      ];
    case 'held-how-to-pass':
      return [
        `Your mail reached ${list}, but nobody has been given it to read yet,`,
        'and there is no case for it: it does not look like a report.',
        '',
        `Received: ${formatInstant(notice.receivedAt)}`,
        '',
        ...missingText(notice.missing),
        '',
        'If it is a report of a vulnerability that is not public yet, just reply to',
        'this mail with any text, and it will be passed on as it is. You need not',
        'send it again. If it is not, you need do nothing.',
        '',
        'This is an automatic answer. It contains nothing of your mail.',
      ];
    case 'reader-parked':
      return [
        `Mail for you from ${list} is waiting, because it cannot be encrypted to`,
        `your OpenPGP certificate: ${faultText[notice.fault]}.`,
        '',
        'Please send a new certificate, or the renewed one, to the administrators',
        'of the list by replying to this mail. They will check with you that it is',
        'yours; then the waiting mail is encrypted to it and sent.',
        '',
        'This is an automatic notice. It tells nothing of the mail that waits.',
      ];
  }
}

function missingText(missing: MissingStep): readonly string[] {
  switch (missing) {
    case 'tag':
      return ['What is missing: the tag [vs] in the subject, which new reports carry.'];
    case 'encryption':
      return ["What is missing: encryption with the list's OpenPGP key."];
    case 'tag-or-encryption':
      return [
        'What is missing: the tag [vs] in the subject, which new reports carry, or',
        "encryption with the list's OpenPGP key, which makes the tag unnecessary.",
      ];
  }
}

const faultText: Readonly<Record<ParkedFault, string>> = {
  'no certificate': 'there is none on record',
  expired: 'it has expired',
  revoked: 'it has been revoked',
  weak: 'its key is too weak by the standards of today',
  'no-encryption-key': 'it has no key that one can encrypt to',
  'unsupported-version': 'its format is one that not all programs read',
  'not-yet-valid': 'it is dated in the future',
  unreadable: 'it cannot be read',
};
