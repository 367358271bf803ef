/** The operator's queue commands: looked at in clear columns; what changes is asked of the keyholder (P7). */
import type { OperatorStore } from '../../adapters/postgres/operator-store.ts';
import { type Answer, mostOutboxChanges, type OutboxChange } from '../../message/requests/request.ts';
import { formatInstant, type Instant } from '../../time/instant.ts';
import type { OperatorDesk } from '../operator-desk.ts';
import type { Deed } from './deed.ts';
import { filterOutbox, isEmptyFilter, type OutboxFilter, outboxStates } from './outbox-filter.ts';
import { outgoingData, outgoingTable } from './outbox-table.ts';
import { table } from './table.ts';

export async function outboxList(
  store: OperatorStore,
  { all, filter }: Readonly<{ all: boolean; filter: OutboxFilter }>,
  now: Instant,
): Promise<Answer> {
  const whole = all || filter.states?.some((state) => state === 'sent' || state === 'cancelled') === true;
  const rows = filterOutbox(await store.outbox({ all: whole }), filter, now).toSorted(
    (left, right) => outboxStates.indexOf(left.state) - outboxStates.indexOf(right.state),
  );
  const none = isEmptyFilter(filter) ? 'Everything has been delivered.' : 'Nothing matches.';
  return {
    kind: 'done',
    text: rows.length === 0 ? [none] : outgoingTable(rows),
    data: rows.map(outgoingData),
  };
}

export async function outboxSummary(store: OperatorStore): Promise<Answer> {
  const byState = Map.groupBy(await store.outbox({ all: false }), ({ state }) => state);
  const rows = outboxStates.flatMap((state) => {
    const found = byState.get(state) ?? [];
    const [oldest] = found;
    return oldest ? [{ state, count: found.length, oldest: formatInstant(oldest.createdAt) }] : [];
  });
  const lines = rows.map((row) => ({ ...row, count: String(row.count) }));
  return {
    kind: 'done',
    text: rows.length === 0 ? ['Everything has been delivered.'] : table(['state', 'count', 'oldest'], lines),
    data: rows,
  };
}

export async function outboxShow(store: OperatorStore, id: string): Promise<Answer> {
  const row = await store.outboxRow(id);
  if (!row) return { kind: 'refused', reason: `There is no outbox row ${id}. See: embargod outbox list` };
  const attempts = (await store.deliveries(id)).map(({ at, kind, code, reason }) => ({
    at: formatInstant(at),
    outcome: kind,
    code: code === 0 ? '–' : String(code),
    reason,
  }));
  const text = [
    `${row.id}: ${row.template ?? row.kind} to ${row.recipient}, ${row.state}`,
    `${row.list}${row.caseNumber === undefined ? '' : `, ${row.caseNumber}`}, made ${formatInstant(row.createdAt)}`,
    '',
    ...(attempts.length === 0
      ? ['It has not been tried yet.']
      : table(['at', 'outcome', 'code', 'reason'], attempts)),
  ];
  return { kind: 'done', text, data: { ...outgoingData(row), deliveries: attempts } };
}

/** What each change can be done to; the keyholder looks again. */
const changeable: Readonly<Record<OutboxChange['change'], readonly string[]>> = {
  retry: ['deferred', 'failed', 'uncertain'],
  hold: ['queued', 'deferred'],
  release: ['stopped'],
};

export async function changeOutbox(
  { store, ask }: OperatorDesk,
  { change, ids, filter, every, dryRun }: Extract<Deed, { kind: 'outbox-change' }>,
  now: Instant,
): Promise<Answer> {
  const [only, ...more] = ids;
  if (only !== undefined && (every || !isEmptyFilter(filter))) {
    return { kind: 'refused', reason: 'Name ids, or say which by options; not both.' };
  }
  if (only !== undefined && !dryRun) {
    const single = change === 'retry' && more.length === 0;
    return ask(single ? { kind: 'outbox-retry', id: only } : { kind: 'outbox-change', change, ids });
  }
  if (only === undefined && !every && isEmptyFilter(filter)) {
    return { kind: 'refused', reason: `Say what to ${change}: ids, conditions such as --state, or --every.` };
  }
  const rows = filterOutbox(await store.outbox({ all: false }), filter, now).filter(
    ({ id, state }) => changeable[change].includes(state) && (ids.length === 0 || ids.includes(id)),
  );
  if (rows.length === 0) return { kind: 'done', text: ['Nothing matches.'], data: { ids: [] } };
  if (dryRun) return { kind: 'done', text: outgoingTable(rows), data: rows.map(outgoingData) };
  return changeMany(
    ask,
    change,
    rows.map(({ id }) => id),
  );
}

/** One request for each thousand; a refusal ends it, with what was done before it. */
async function changeMany(
  ask: OperatorDesk['ask'],
  change: OutboxChange['change'],
  ids: readonly string[],
): Promise<Answer> {
  for (let start = 0; start < ids.length; start += mostOutboxChanges) {
    const some = ids.slice(start, start + mostOutboxChanges);
    const answer = await ask({ kind: 'outbox-change', change, ids: some });
    if (answer.kind === 'refused') {
      return start === 0
        ? answer
        : { kind: 'refused', reason: `${start} of ${ids.length} are done. ${answer.reason}` };
    }
  }
  const done = { retry: 'queued again', hold: 'stopped', release: 'queued again' }[change];
  return {
    kind: 'done',
    text: [`${ids.length} ${ids.length === 1 ? 'row is' : 'rows are'} ${done}.`],
    data: { ids: [...ids] },
  };
}
