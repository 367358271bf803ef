import type { Desk } from '../desk.ts';
import { emptyPlan, type Plan } from '../plan.ts';
import type { ObligationRow } from '../ports.ts';

/** Who was removed, or asked anew, owes that answer no more. Undefined when there is nothing to settle. */
export function settleLapsedProofs(obligations: readonly ObligationRow[], desk: Desk): Plan | undefined {
  const owed = new Set(desk.knowledge.roster.proofs.map(({ obligation }) => obligation));
  const lapsed = obligations.filter(({ kind, id }) => kind === 'prove-key' && !owed.has(id));
  if (lapsed.length === 0) return undefined;
  const ending = 'no longer asked for';
  return {
    ...emptyPlan,
    events: lapsed.map(({ id }) => ({ kind: 'obligation-settled', obligation: id, ending })),
    obligationsSettled: lapsed.map(({ id }) => ({ id, ending })),
  };
}
