import type { MessageId } from '../../mail/letter-head.ts';
import { composeInside } from '../copy/compose-copy.ts';
import { addressOf, boundary, type Desk, freshMessageId } from '../desk.ts';
import type { OuterHead, Outgoing, Reader } from '../plan.ts';

/** A notice: mail that the server itself writes, sealed to its readers. */
export type SealedNotice = Readonly<{
  list: string;
  caseNumber: string | undefined;
  readers: readonly Reader[];
  audience: string;
  /** Told inside; outside it is `notice` (M4: nothing else leaves in clear). */
  subject: string;
  text: string;
  /** Further entities, such as a held mail. */
  entities?: readonly Uint8Array[];
  replyTo: OuterHead['replyTo'];
  references?: readonly MessageId[];
}>;

export function writeNotice(notice: SealedNotice, desk: Desk): Outgoing {
  const messageId = freshMessageId(desk);
  const outer: OuterHead = {
    fromName: notice.list,
    replyTo: notice.replyTo,
    subject: `${notice.caseNumber ?? notice.list} notice`,
    inReplyTo: undefined,
    references: notice.references ?? [],
    notice: true,
  };
  return {
    list: notice.list,
    caseNumber: notice.caseNumber,
    messageId,
    outer,
    readers: notice.readers,
    compose: () =>
      composeInside({
        list: notice.list,
        listAddress: addressOf(desk, notice.list),
        caseNumber: notice.caseNumber,
        messageId,
        outer,
        at: desk.now,
        subject: notice.subject,
        author: undefined,
        to: [],
        cc: [],
        audience: notice.audience,
        verdict: 'none',
        ourPart: notice.text,
        entities: notice.entities ?? [],
        boundary: boundary(desk),
      }),
  };
}
