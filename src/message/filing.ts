import type { Case } from '../case/case.ts';
import type { Address } from '../mail/address.ts';
import type { Mailbox, MessageId } from '../mail/letter-head.ts';
import { oneLine } from '../mail/one-line.ts';
import type { Audience } from './audience.ts';
import type { Finding } from './judge/rule.ts';
import type { Letter } from './letter.ts';
import type { FiledMessage } from './message-event.ts';

/** What is filed: a letter, under a case, for an audience. */
export type Filing = Readonly<{
  letter: Letter;
  case: Case;
  kind: 'new' | 'reply';
  marks: readonly Finding[];
  audience: Audience;
  messageId: MessageId;
  parent: FiledMessage | undefined;
  /** To and Cc people whom we send nothing (M5). */
  outsiders: readonly Address[];
}>;

export function authorOf(letter: Letter): Mailbox | undefined {
  const [from] = cleanMailboxes(letter.opened.head.from);
  return from;
}

/** Names of strangers, fit for our fields. */
export function cleanMailboxes(mailboxes: readonly Mailbox[]): readonly Mailbox[] {
  return mailboxes.map(({ name, address }) => ({
    name: name === undefined ? undefined : oneLine(name),
    address,
  }));
}
