import type { Instant } from '../time/instant.ts';
import type { Address } from './address.ts';

/** One mailbox of an address header (RFC 5322 §3.4); the display name decoded (RFC 2047), for people's eyes only. */
export type Mailbox = Readonly<{ name: string | undefined; address: Address }>;

/** A message id with its angle brackets, as it stood (RFC 5322 §3.6.4). */
export type MessageId = string & { readonly __brand: 'MessageId' };

/**
 * What the header of one mail says, decoded. Absent fields are empty or undefined.
 * Nothing here is authenticated: only a signature verdict or the envelope's authentication says who wrote.
 */
export type LetterHead = Readonly<{
  from: readonly Mailbox[];
  sender: Mailbox | undefined;
  replyTo: readonly Mailbox[];
  to: readonly Mailbox[];
  cc: readonly Mailbox[];
  subject: string;
  date: Instant | undefined;
  messageId: MessageId | undefined;
  inReplyTo: readonly MessageId[];
  references: readonly MessageId[];
  /** RFC 3834 §5, lower case, without parameters: `no`, `auto-generated`, `auto-replied`. */
  autoSubmitted: string | undefined;
  precedence: string | undefined;
  listId: string | undefined;
  /** Addresses named in Resent-To, Resent-Cc (RFC 5322 §3.6.6). */
  resentTo: readonly Mailbox[];
  /** Lower-case names of every field that is present, for rules that ask whether one is there. */
  names: ReadonlySet<string>;
  /** Lower-case names of fields that RFC 5322 §3.6 allows once and that stand twice: a mark of spoofing. */
  repeated: readonly string[];
}>;
