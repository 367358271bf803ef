import type { CaseEvent } from '../../case/case-event.ts';
import type { RosterEvent } from '../../membership/roster-event.ts';
import type { MessageEvent } from './message-event.ts';

/** Every change there is (I7). State is the fold of these, in the journal's order. */
export type Event = RosterEvent | CaseEvent | MessageEvent;

/**
 * What the journal says in clear about an event: a case number, a list, or an id; never a name, title or address.
 * Undefined where even that would say more than the kind does.
 */
export function subjectOf(event: Event): string | undefined {
  switch (event.kind) {
    case 'case-opened':
      return event.case.number;
    case 'guest-added':
    case 'case-closed':
    case 'copies-parked':
    case 'review-owed':
    case 'signature-spent':
    case 'sent-in-clear':
      return event.caseNumber;
    case 'message-filed':
      return event.message.caseNumber;
    case 'message-held':
      return event.held.inboxId;
    case 'message-refused':
    case 'held-mail-settled':
    case 'administrators-written-to':
      return event.inboxId;
    case 'list-added':
      return event.list.name;
    case 'list-key-replaced':
    case 'list-key-revoked':
    case 'list-key-destroyed':
    case 'list-keys-remembered':
    case 'administrators-must-prove':
    case 'administrator-proved':
    case 'administrator-added':
    case 'administrator-removed':
    case 'digest-sent':
      return event.list;
    case 'delivery-reported':
    case 'bounce-received':
    case 'copy-retried':
    case 'copy-stopped':
    case 'copy-released':
    case 'delivery-troubled':
      return event.outboxId;
    case 'obligation-settled':
      return event.obligation;
    default:
      return undefined;
  }
}
