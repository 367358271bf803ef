/**
 * A mail in clear to a reporter (R3): a line of ours that says who relayed it and where to reply, then what its author
 * wrote. All of it ASCII, so that it can be checked, and goes over any relay.
 */
import type { Address } from '../../mail/address.ts';
import { joinBytes } from '../../mail/bytes.ts';
import { formatMailDate } from '../../mail/write-date.ts';
import { encodeHeader, encodeMailboxes } from '../../mail/write-header.ts';
import { addressOf, boundary, type Desk } from '../desk.ts';
import { authorOf, type Filing } from '../file/filing.ts';
import { textForClear } from '../open/text-for-clear.ts';
import type { OuterHead, PermittedMail } from '../plan.ts';
import { describeAuthor } from './our-part.ts';
import { threadFields } from './outer-header.ts';

const encoder = new TextEncoder();

/** `entity`: as `clearEntity` made it. `outer`: what copies show outside; it tells no more here (M4). */
export function writeClearMail(
  filing: Filing,
  to: Readonly<{ recipient: Address; entity: Uint8Array; outer: OuterHead }>,
  desk: Desk,
): PermittedMail {
  const { case: subject, messageId } = filing;
  const between = boundary(desk);
  const parts = [textForClear(ourPart(filing, to.outer.replyTo), desk.base64), to.entity];
  return {
    list: subject.list,
    caseNumber: subject.number,
    messageId,
    recipient: to.recipient,
    mail: joinBytes(
      encoder.encode(header(filing, to, between, desk)),
      ...parts.flatMap((part) => [encoder.encode(`\r\n--${between}\r\n`), part]),
      encoder.encode(`\r\n--${between}--\r\n`),
    ),
  };
}

function header(
  { case: subject, messageId }: Filing,
  { recipient, outer }: Readonly<{ recipient: Address; outer: OuterHead }>,
  between: string,
  desk: Desk,
): string {
  return [
    encodeMailboxes('From', [{ name: outer.fromName, address: addressOf(desk, subject.list) }]),
    encodeMailboxes('To', [{ name: undefined, address: recipient }]),
    encodeHeader('Reply-To', outer.replyTo),
    encodeHeader('Subject', outer.subject),
    encodeHeader('Date', formatMailDate(desk.now)),
    encodeHeader('Message-ID', messageId),
    ...threadFields(outer),
    // What a loop is known by when it comes back; names nothing.
    encodeHeader('Embargod-Copy', '1'),
    encodeHeader('MIME-Version', '1.0'),
    `Content-Type: multipart/mixed; boundary="${between}"\r\n`,
  ].join('');
}

/** A2: none of its lines begins as a command does. */
function ourPart({ case: subject, letter }: Filing, replyTo: Address): string {
  return [
    `${subject.number}: relayed by ${subject.list} for ${describeAuthor(authorOf(letter))}.`,
    `To answer, write to ${replyTo}`,
    `This mail travels in clear. Please encrypt what must stay secret with the key of the list.`,
    '-'.repeat(72),
    '',
  ].join('\n');
}
