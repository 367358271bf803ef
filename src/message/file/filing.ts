import type { Case } from '../../case/case.ts';
import type { Address } from '../../mail/address.ts';
import type { Mailbox, MessageId } from '../../mail/letter-head.ts';
import { oneLine } from '../../mail/one-line.ts';
import type { FiledMessage } from '../journal/message-event.ts';
import type { Finding } from '../judge/rule.ts';
import type { Letter } from '../letter/letter.ts';
import type { Scope } from '../letter/scope.ts';
import type { Audience } from './audience.ts';
import type { ReporterInClear } from './reporter-in-clear.ts';

/** What is filed: a letter, under a case, for an audience. */
export type Filing = Readonly<{
  letter: Letter;
  case: Case;
  kind: 'new' | 'reply';
  scope: Scope;
  marks: readonly Finding[];
  audience: Audience;
  messageId: MessageId;
  parent: FiledMessage | undefined;
  /** What becomes of it for a reporter to whom nothing can be sealed (R3). */
  reporterInClear: ReporterInClear;
  /** To and Cc people whom we send nothing (M5). */
  outsiders: readonly Address[];
}>;

export function authorOf(letter: Letter): Mailbox | undefined {
  const [from] = cleanMailboxes(letter.opened.head.from);
  return from;
}

/** A longer name is nobody's; quoted it would be a word that no header line can hold (RFC 5322 §2.1.1). */
const longestName = 200;

/** Names of strangers, fit for our fields; an empty one is none. */
export function cleanMailboxes(mailboxes: readonly Mailbox[]): readonly Mailbox[] {
  return mailboxes.map(({ name, address }) => ({
    name: oneLine((name ?? '').slice(0, longestName)) || undefined,
    address,
  }));
}
