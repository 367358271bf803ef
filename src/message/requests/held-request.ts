import { settleHeld } from '../hold/settle-held.ts';
import { done, type Execute, refused } from './execution.ts';
import type { Request } from './request.ts';

export const heldRequest: Execute<Extract<Request, { kind: 'held-pass' | 'held-refuse' }>> = async (
  request,
  desk,
) => {
  const held = desk.knowledge.held.get(request.id);
  if (!held) return refused(`No mail ${request.id} is held. See: embargod held list`);
  const ending = request.kind === 'held-pass' ? 'passed' : 'refused';
  if (ending === 'refused' && request.reason.trim() === '') {
    return refused('Refusing held mail needs a reason, for the journal: --reason "…"');
  }
  return done(
    [`${request.id} is ${ending}.`],
    { id: request.id, ending },
    settleHeld(held, { ending, reason: request.reason, by: 'the operator' }),
  );
};
