import type { Desk } from '../desk.ts';
import type { HeldMail } from '../journal/message-event.ts';
import { emptyPlan, type Plan } from '../plan.ts';

/**
 * Ends a held mail: passed, it waits in the inbox again and is handled as any other, but for what held it;
 * refused, it stays there until purge. `by` is a person, or its sender by replying (R4).
 */
export function settleHeld(
  held: HeldMail,
  decision: Readonly<{ ending: 'passed' | 'refused'; reason: string; by: string }>,
): Plan {
  return {
    ...emptyPlan,
    events: [{ kind: 'held-mail-settled', inboxId: held.inboxId, ...decision }],
    obligationsSettled: [{ id: held.obligation, ending: decision.ending }],
    heldInbox: { id: held.inboxId, state: decision.ending === 'passed' ? 'waiting' : 'refused' },
  };
}

/** The held mail that a reply's address speaks of; undefined when it was settled, or the token is none of ours. */
export function heldByToken(token: string, desk: Desk): HeldMail | undefined {
  return [...desk.knowledge.held.values()].find((held) => desk.token('held', held.inboxId) === token);
}
