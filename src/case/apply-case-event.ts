import type { Case } from './case.ts';
import type { CaseEvent } from './case-event.ts';

/** The case after one event; `before` is undefined only for `case-opened`. */
export function applyCaseEvent(before: Case | undefined, event: CaseEvent): Case | undefined {
  switch (event.kind) {
    case 'case-opened':
      return event.case;
    case 'guest-added':
      return before && { ...before, guests: [...before.guests, event.guest] };
    case 'case-closed':
      return before && { ...before, state: 'closed' };
  }
}
