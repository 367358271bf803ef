import { day } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { Event } from '../journal/event.ts';
import { noticeKey } from '../journal/knowledge.ts';
import type { ClearNotice } from '../plan.ts';
import type { SealedMessage } from '../seal/seal-outgoing.ts';

/**
 * A parked reader is told in clear, without content and at most once a day, that mail waits for a certificate of
 * theirs that can be used. The journal remembers whom each message did not reach (R6).
 */
export function parkedNotices(
  messages: readonly SealedMessage[],
  desk: Desk,
): Readonly<{ notices: readonly ClearNotice[]; events: readonly Event[] }> {
  const unreached = messages.flatMap(({ body, unreached: some }) =>
    some.map((one) => ({ ...one, list: body.list })),
  );
  const due = unreached.filter(({ reader }, index) => {
    const last = desk.knowledge.notices.get(noticeKey('reader-parked', reader.address));
    const first = unreached.findIndex((other) => other.reader.address === reader.address) === index;
    return first && (last === undefined || desk.now - last >= day);
  });
  const parked: readonly Event[] = messages
    .filter((message) => message.unreached.length > 0)
    .map(({ body, unreached: some }) => ({
      kind: 'copies-parked',
      caseNumber: body.caseNumber,
      readers: some.map(({ reader }) => reader.id),
    }));
  const told: readonly Event[] = due.map(({ reader }) => ({
    kind: 'notice-sent',
    template: 'reader-parked',
    address: reader.address,
    at: desk.now,
  }));
  return {
    notices: due.map(({ reader, why, list }) => ({
      template: 'reader-parked',
      parameters: { list, fault: why.replace('certificate ', '').split(',')[0] ?? '' },
      recipient: reader.address,
      list,
      // The notice must not even say that a case exists (P5).
      caseNumber: undefined,
    })),
    events: [...parked, ...told],
  };
}
