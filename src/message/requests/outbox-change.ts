import { later } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { Event } from '../journal/event.ts';
import { administratorsOwe, repairWithin } from '../obligation.ts';
import type { OutboxState } from '../outbox-state.ts';
import { emptyPlan, type Plan } from '../plan.ts';
import type { ObligationRow, OutboxRow } from '../ports.ts';
import { done, type Execute, refused } from './execution.ts';
import { retriable } from './outbox-retry.ts';
import type { OutboxChange } from './request.ts';

type Change = OutboxChange['change'];

/** What a row must be, and what it becomes. A parked one waits for a certificate, a held one was stopped by a check. */
const from: Readonly<Record<Change, readonly string[]>> = {
  retry: retriable,
  hold: ['queued', 'deferred'],
  release: ['stopped'],
};
const becomes: Readonly<Record<Change, OutboxState>> = {
  retry: 'queued',
  hold: 'stopped',
  release: 'queued',
};

/**
 * The operator's queue commands on several rows. All of them or none: a row in another state, or in a sender's hands at
 * this moment, refuses the whole. No row is added or changed in what it carries, and `sender` checks each as ever (P5).
 */
export const outboxChange: Execute<OutboxChange> = async ({ change, ids }, desk, tools) => {
  const rows: OutboxRow[] = [];
  for (const id of new Set(ids)) {
    const row = await tools.outboxRow(id);
    if (!row) return refused(`There is no outbox row ${id}. See: embargod outbox list`);
    if (!from[change].includes(row.state)) {
      return refused(
        `Row ${id} is ${row.state}; ${change} takes rows that are ${from[change].join(' or ')}.`,
      );
    }
    rows.push({ ...row, state: becomes[change] });
  }
  const owed = await tools.openObligations();
  const plans = rows.map((row) => changeOne(row, change, owed, desk));
  return done(
    [`${rows.length} ${rows.length === 1 ? 'row is' : 'rows are'} ${becomes[change]}.`],
    { state: becomes[change], ids: rows.map(({ id }) => id) },
    {
      events: plans.flatMap(({ events }) => events),
      obligationsOpened: plans.flatMap(({ obligationsOpened }) => obligationsOpened),
      obligationsSettled: plans.flatMap(({ obligationsSettled }) => obligationsSettled),
      outboxUpdates: rows.map((row) => ({ row })),
    },
  );
};

/** I6: what is kept back is somebody's task, in the digest too; letting it go, or trying again, ends its tasks. */
function changeOne(row: OutboxRow, change: Change, owed: readonly ObligationRow[], desk: Desk): Plan {
  if (change === 'hold') {
    const task = administratorsOwe(
      { kind: 'repair-delivery', list: row.list, subject: row.id, dueAt: later(desk.now, repairWithin) },
      desk,
    );
    return {
      ...emptyPlan,
      events: [{ kind: 'copy-stopped', outboxId: row.id, obligation: task.id }],
      obligationsOpened: [task],
    };
  }
  const ending = change === 'retry' ? 'tried again' : 'released';
  const tasks = owed.filter((one) => one.subject === row.id);
  const changed: Event =
    change === 'retry'
      ? { kind: 'copy-retried', outboxId: row.id }
      : { kind: 'copy-released', outboxId: row.id };
  const settled = tasks.map((task): Event => ({ kind: 'obligation-settled', obligation: task.id, ending }));
  return {
    ...emptyPlan,
    events: [changed, ...settled],
    obligationsSettled: tasks.map((task) => ({ id: task.id, ending })),
  };
}
