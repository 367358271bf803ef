import { maximumMailboxes, readAddressList } from './address-list.ts';
import { decodeWords } from './encoded-words.ts';
import { fieldValue, type HeaderField } from './header-fields.ts';
import type { LetterHead, Mailbox } from './letter-head.ts';
import { readMailDate } from './mail-date.ts';
import { readMessageIds } from './message-ids.ts';

/** Fields that RFC 5322 §3.6 allows once; two of them mean two readers may see two different mails. */
const onceOnly = [
  'date',
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'message-id',
  'in-reply-to',
  'references',
  'subject',
  'content-type',
  'content-transfer-encoding',
  'mime-version',
];

/** A subject is stored, shown and compared; a header of 256 KB must not become one. */
const maximumSubject = 2_000;

/**
 * Reads what a header says. Of a repeated From every mailbox is named, so that no rule overlooks the second one;
 * of other repeated fields the first counts, except To and Cc, which real programs do write twice.
 */
export function readLetterHead(fields: readonly HeaderField[]): LetterHead {
  const first = (name: string) => fieldValue(fields, name);
  return {
    from: mailboxes(fields, 'from'),
    sender: mailboxes(fields, 'sender')[0],
    replyTo: mailboxes(fields, 'reply-to'),
    to: mailboxes(fields, 'to'),
    cc: mailboxes(fields, 'cc'),
    subject: decodeWords(first('subject') ?? '')
      .trim()
      .slice(0, maximumSubject),
    date: readMailDate(first('date') ?? ''),
    messageId: readMessageIds(first('message-id') ?? '')[0],
    inReplyTo: readMessageIds(first('in-reply-to') ?? ''),
    references: readMessageIds(first('references') ?? ''),
    autoSubmitted: firstToken(first('auto-submitted')),
    precedence: firstToken(first('precedence')),
    listId: first('list-id'),
    resentTo: mailboxes(fields, 'resent-to', 'resent-cc'),
    names: new Set(fields.map((field) => field.lowerName)),
    repeated: onceOnly.filter((name) => fields.filter((field) => field.lowerName === name).length > 1),
  };
}

/** A repeated field adds up, to no more than one may name: sixty thousand people in `To: a@b,` lines are still a flood. */
function mailboxes(fields: readonly HeaderField[], ...names: readonly string[]): readonly Mailbox[] {
  return fields
    .filter((field) => names.includes(field.lowerName))
    .flatMap((field) => readAddressList(field.value))
    .slice(0, maximumMailboxes);
}

/** RFC 3834 §5: parameters and comments are no part of the word. */
function firstToken(value: string | undefined): string | undefined {
  const token = value
    ?.trim()
    .toLowerCase()
    .split(/[\s;(]/)[0];
  return token === '' ? undefined : token;
}
