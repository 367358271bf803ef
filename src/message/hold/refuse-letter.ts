import type { Desk } from '../desk.ts';
import type { Finding } from '../judge/rule.ts';
import { type ClosedLetter, type Letter, listOf } from '../letter/letter.ts';
import { emptyPlan, type Plan } from '../plan.ts';

/**
 * Refused after its `250`: no bounce, which would go to whoever was forged as sender; journalled with its reason,
 * shown in the administrators' digest, kept until purge.
 */
export function refuseLetter(letter: Letter | ClosedLetter, findings: readonly Finding[], desk: Desk): Plan {
  const reason = findings.map((finding) => finding.inside).join(' ');
  return {
    ...emptyPlan,
    events: [
      {
        kind: 'message-refused',
        inboxId: letter.inboxId,
        list: listOf(letter.place),
        reason,
        // When it was refused, not received: the digest tells of what was refused since the last one.
        at: desk.now,
      },
    ],
    inbox: { id: letter.inboxId, state: 'refused' },
  };
}
