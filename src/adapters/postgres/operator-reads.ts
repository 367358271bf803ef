/** Lists for the operator's eyes, from clear columns only. */
import { type Kysely, sql } from 'kysely';
import type { OutboxState } from '../../message/outbox-state.ts';
import type { CaseRow, DeliveryOutcome, OutboxContent } from '../../message/ports.ts';
import type { Instant } from '../../time/instant.ts';
import { deliveryOutcome, toInstant } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

type Query = Kysely<PrivateTables>;

export type HeldMail = Readonly<{
  id: string;
  receivedAt: Instant;
  lists: readonly string[];
  sizeClass: number;
  owner: string;
  /** Until when to decide, as its obligation says (I6). */
  decideBy: Instant;
  attempts: number;
}>;

export async function overdueMail(
  query: Query,
): Promise<Readonly<{ count: number; since: Instant | undefined }>> {
  const row = await query
    .selectFrom('inbox')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('judge_by').as('since')])
    .where('state', '=', 'waiting')
    .where('judge_by', '<', sql<Date>`now()`)
    .executeTakeFirstOrThrow();
  return { count: row.count, since: row.since ? toInstant(row.since) : undefined };
}

export async function heldMail(query: Query): Promise<readonly HeldMail[]> {
  const rows = await query
    .selectFrom('inbox')
    .leftJoin('inbox_attempts', 'inbox_attempts.inbox_id', 'inbox.id')
    .leftJoin(openDuties(query), (join) => join.onRef('duty.subject', '=', 'inbox.id'))
    .select(['id', 'received_at', 'lists', 'size_class', 'owner', 'judge_by', 'attempts', 'duty.decide_by'])
    .where('state', '=', 'held')
    .orderBy('received_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    receivedAt: toInstant(row.received_at),
    lists: row.lists,
    sizeClass: row.size_class,
    owner: row.owner,
    decideBy: toInstant(row.decide_by ?? row.judge_by),
    attempts: row.attempts ?? 0,
  }));
}

/** One row a subject, with what is due first. */
function openDuties(query: Query) {
  return query
    .selectFrom('obligations')
    .select((row) => ['subject', row.fn.min('due_at').as('decide_by')])
    .where('settled_at', 'is', null)
    .groupBy('subject')
    .as('duty');
}

export type ListedOutboxRow = Readonly<{
  id: string;
  list: string;
  caseNumber: string | undefined;
  recipient: string;
  state: OutboxState;
  kind: OutboxContent['kind'];
  template: string | undefined;
  attempts: number;
  createdAt: Instant;
  nextAt: Instant;
  settledAt: Instant | undefined;
}>;

export async function outboxRows(
  query: Query,
  { all, caseNumber, id }: Readonly<{ all: boolean; caseNumber?: string; id?: string }>,
): Promise<readonly ListedOutboxRow[]> {
  let wanted = query
    .selectFrom('outbox')
    .select(['id', 'list', 'case_number', 'recipient', 'state', 'kind', 'template'])
    .select(['attempts', 'created_at', 'next_at', 'settled_at'])
    .orderBy('created_at')
    .orderBy('id');
  if (!all) wanted = wanted.where('state', 'not in', ['sent', 'cancelled']);
  if (caseNumber !== undefined) wanted = wanted.where('case_number', '=', caseNumber);
  if (id !== undefined) wanted = wanted.where('id', '=', id);
  const rows = await wanted.execute();
  return rows.map((row) => ({
    id: row.id,
    list: row.list,
    caseNumber: row.case_number ?? undefined,
    recipient: row.recipient,
    state: row.state,
    kind: row.kind,
    template: row.template ?? undefined,
    attempts: row.attempts,
    createdAt: toInstant(row.created_at),
    nextAt: toInstant(row.next_at),
    settledAt: row.settled_at === null ? undefined : toInstant(row.settled_at),
  }));
}

export type ListedDelivery = DeliveryOutcome;

export async function deliveriesOf(query: Query, outboxId: string): Promise<readonly ListedDelivery[]> {
  const rows = await query
    .selectFrom('deliveries')
    .selectAll()
    .where('outbox_id', '=', outboxId)
    .orderBy('id')
    .execute();
  return rows.map(deliveryOutcome);
}

export async function caseRows(query: Query): Promise<readonly CaseRow[]> {
  const rows = await query.selectFrom('cases').selectAll().orderBy('opened_at').orderBy('number').execute();
  return rows.map((row) => ({
    number: row.number,
    list: row.list,
    openedAt: toInstant(row.opened_at),
    state: row.state,
  }));
}

export async function oneCase(query: Query, number: string): Promise<CaseRow | undefined> {
  const row = await query.selectFrom('cases').selectAll().where('number', '=', number).executeTakeFirst();
  return row && { number: row.number, list: row.list, openedAt: toInstant(row.opened_at), state: row.state };
}
