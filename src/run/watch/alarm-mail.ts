import type { Address } from '../../mail/address.ts';
import { formatMailDate } from '../../mail/write-date.ts';
import { encodeHeader, encodeMailboxes } from '../../mail/write-header.ts';
import { formatInstant, type Instant } from '../../time/instant.ts';
import type { Concern } from './concerns.ts';
import { wordConcern } from './word-concern.ts';

export type AlarmMail = Readonly<{
  concern: Concern;
  since: Instant;
  now: Instant;
  from: Address;
  to: Address;
  domain: string;
  machine: string;
  /** Random; the mail's own id. */
  id: string;
}>;

/** The whole mail, CRLF, ASCII. All it can say is what `Concern` has room for (P5). */
export function writeAlarmMail({
  concern,
  since,
  now,
  from,
  to,
  domain,
  machine,
  id,
}: AlarmMail): Uint8Array {
  const { what, advice } = wordConcern(concern);
  const header = [
    encodeMailboxes('From', [{ name: 'embargod', address: from }]),
    encodeMailboxes('To', [{ name: undefined, address: to }]),
    encodeHeader('Subject', `embargod on ${machine}: ${concern.kind}`),
    encodeHeader('Date', formatMailDate(now)),
    encodeHeader('Message-ID', `<alarm.${id}@${domain}>`),
    // RFC 3834 §5.
    encodeHeader('Auto-Submitted', 'auto-generated'),
    encodeHeader('MIME-Version', '1.0'),
    encodeHeader('Content-Type', 'text/plain; charset=us-ascii'),
    encodeHeader('Content-Transfer-Encoding', '7bit'),
  ].join('');
  const body = [
    what,
    '',
    advice,
    '',
    `Seen since: ${formatInstant(since)}`,
    '',
    'It is told again once a day while it lasts. docs/operation.md explains each alarm.',
    'This mail tells of the machinery only, nothing of any mail or case.',
    '',
  ].join('\r\n');
  return new TextEncoder().encode(`${header}\r\n${body}`);
}
