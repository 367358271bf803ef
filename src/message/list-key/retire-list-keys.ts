import type { Instant } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { Event } from '../journal/event.ts';
import { emptyPlan, type Plan } from '../plan.ts';

/**
 * Ends the grace of replaced mail keys (K6). One thing makes it longer: mail that came in before its end and that nobody
 * has decided about. It may be a report that only the old key opens, and passing it would find nothing to open (T8). It
 * cannot go on for ever: held mail has four hours and an owner who is reminded daily, and what comes in afterwards does
 * not count. Undefined when there is nothing to end. `oldestWaiting`: of mail that is not handled yet.
 */
export function retireListKeys(oldestWaiting: Instant | undefined, desk: Desk): Plan | undefined {
  const held = [...desk.knowledge.held.values()].map(({ at }) => at);
  const undecided = oldestWaiting === undefined ? held : [...held, oldestWaiting];
  const events = [...desk.knowledge.roster.mailKeys].flatMap(([list, { retiring }]) =>
    retiring
      .filter(({ opensUntil }) => opensUntil <= desk.now && !undecided.some((at) => at < opensUntil))
      .map(({ fingerprint }): Event => ({ kind: 'list-key-destroyed', list, fingerprint })),
  );
  return events.length > 0 ? { ...emptyPlan, events } : undefined;
}
