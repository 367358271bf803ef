/** What the keyholder looks up besides the journal. */
import { type Kysely, sql } from 'kysely';
import type {
  BodyRow,
  CaseRow,
  DeliveryOutcome,
  Epoch,
  OutboxRow,
  ParkedReader,
} from '../../message/ports.ts';
import type { Instant } from '../../time/instant.ts';
import { asEpoch, bodyRow, deliveryOutcome, outboxColumns, outboxRow, toInstant } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

type Query = Kysely<PrivateTables>;

export async function body(query: Query, bodyId: string): Promise<BodyRow | undefined> {
  const found = await query.selectFrom('bodies').selectAll().where('id', '=', bodyId).executeTakeFirst();
  const key = await query
    .selectFrom('home_keys')
    .selectAll()
    .where('body_id', '=', bodyId)
    .executeTakeFirst();
  if (!found || !key) return undefined;
  const tails = await query.selectFrom('body_tails').selectAll().where('body_id', '=', bodyId).execute();
  return bodyRow(found, tails, key);
}

export async function parkedFor(query: Query, readerId: string): Promise<readonly OutboxRow[]> {
  const rows = await query
    .selectFrom('outbox')
    .select(outboxColumns)
    .where('reader_id', '=', readerId)
    .where('state', '=', 'parked')
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(outboxRow);
}

export async function parkedReaders(query: Query): Promise<readonly ParkedReader[]> {
  const rows = await query
    .selectFrom('outbox')
    .select(outboxColumns)
    .distinctOn('reader_id')
    .where('state', '=', 'parked')
    .orderBy('reader_id')
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows
    .map(outboxRow)
    .flatMap(({ content, recipient, list }) =>
      content.kind === 'copy' ? [{ readerId: content.readerId, recipient, list }] : [],
    );
}

export async function doorEpochs(query: Query): Promise<ReadonlyMap<string, Epoch>> {
  const rows = await query.selectFrom('doors').select(['list', 'epoch']).execute();
  return new Map(rows.map((row) => [row.list, asEpoch(row.epoch)]));
}

export async function openCases(query: Query): Promise<readonly CaseRow[]> {
  const rows = await query
    .selectFrom('cases')
    .selectAll()
    .where('state', '=', 'open')
    .orderBy('opened_at')
    .orderBy('number')
    .execute();
  return rows.map(({ number, list, opened_at, state }) => ({
    number,
    list,
    openedAt: toInstant(opened_at),
    state,
  }));
}

export async function oldestWaiting(query: Query): Promise<Instant | undefined> {
  const row = await query
    .selectFrom('inbox')
    .select('received_at')
    .where('state', '=', 'waiting')
    .orderBy('received_at')
    .limit(1)
    .executeTakeFirst();
  return row && toInstant(row.received_at);
}

export async function outboxRowOf(query: Query, id: string): Promise<OutboxRow | undefined> {
  const row = await query.selectFrom('outbox').select(outboxColumns).where('id', '=', id).executeTakeFirst();
  return row && outboxRow(row);
}

/** Return paths carry an HMAC (R8), so this finds one row or none; servers on a bounce's way may change the case. */
export async function outboxRowByReturnPath(
  query: Query,
  returnPath: string,
): Promise<OutboxRow | undefined> {
  if (returnPath === '') return undefined;
  const row = await query
    .selectFrom('outbox')
    .select(outboxColumns)
    .where(sql`lower(return_path)`, '=', returnPath.toLowerCase())
    .where('return_path', '<>', '')
    .limit(1)
    .executeTakeFirst();
  return row && outboxRow(row);
}

/** Failed or held rows that no step has acknowledged, each with its last attempt. Rows held from the start have none. */
export async function troubledDeliveries(
  query: Query,
): Promise<readonly Readonly<{ row: OutboxRow; outcome: DeliveryOutcome }>[]> {
  const rows = await query
    .selectFrom('outbox')
    .innerJoinLateral(
      (lateral) =>
        lateral
          .selectFrom('deliveries')
          .select([
            'deliveries.at',
            'deliveries.kind as outcome',
            'deliveries.code',
            'deliveries.reason',
            'deliveries.next_at as retry_at',
          ])
          .whereRef('deliveries.outbox_id', '=', 'outbox.id')
          .orderBy('deliveries.id', 'desc')
          .limit(1)
          .as('last'),
      (join) => join.onTrue(),
    )
    .select([...outboxColumns, 'last.at', 'last.outcome', 'last.code', 'last.reason', 'last.retry_at'])
    .where('outbox.state', 'in', ['failed', 'held'])
    .where('outbox.acknowledged_at', 'is', null)
    .orderBy('outbox.id')
    .execute();
  return rows.map((row) => ({
    row: outboxRow(row),
    outcome: deliveryOutcome({
      kind: row.outcome,
      at: row.at,
      code: row.code,
      reason: row.reason,
      next_at: row.retry_at,
    }),
  }));
}
