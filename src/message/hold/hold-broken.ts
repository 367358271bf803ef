import type { Desk } from '../desk.ts';
import { alarmAdministrators } from '../notice/alarm-administrators.ts';
import { administratorsOwe, decideBy } from '../obligation.ts';
import { emptyPlan, type Plan } from '../plan.ts';
import type { InboxRow } from '../ports.ts';

/**
 * The last resort of T8: handling this mail fails, again and again, by a fault of ours or of what put it there. It is
 * held by its id alone, nothing of it is read, and a person is told.
 */
export function holdBroken(row: Pick<InboxRow, 'id' | 'lists' | 'receivedAt'>, desk: Desk): Plan {
  const list = row.lists.find((name) => desk.knowledge.roster.lists.has(name)) ?? row.lists[0] ?? '';
  const obligation = administratorsOwe(
    { kind: 'decide-held-mail', list, subject: row.id, dueAt: decideBy(row.receivedAt, desk.now) },
    desk,
  );
  return {
    ...emptyPlan,
    events: [
      {
        kind: 'message-held',
        held: {
          inboxId: row.id,
          list,
          at: row.receivedAt,
          reasons: ['handling-failed'],
          from: undefined,
          obligation: obligation.id,
        },
      },
    ],
    outgoing: alarmAdministrators(
      {
        list,
        caseNumber: undefined,
        what: `The mail ${row.id} could not be handled: the server failed over it several times.`,
        advice: `Report it to the maintainers of embargod; after an upgrade: embargod held pass ${row.id}`,
      },
      desk,
    ),
    obligationsOpened: [obligation],
    inbox: { id: row.id, state: 'held' },
  };
}
